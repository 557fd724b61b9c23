import { showAugmentations } from './augmentations.js';
import { byId } from './by-id.js';
import { showDeformations } from './deformations.js';
import { type Loaded, phantom, readFile } from './volumes.js';

const tabs = {
  deformations: { panels: 'panels', show: showDeformations },
  augmentations: { panels: 'augment-panels', show: showAugmentations },
};
type Tab = keyof typeof tabs;
const names = Object.keys(tabs) as Tab[];

let loaded: Loaded = phantom();
/** Which tabs show the volume that is loaded. */
const fresh = new Set<Tab>();

const current = (): Tab => names.find((name) => location.hash === `#${name}`) ?? 'deformations';

/** Shows the tab that the address names. */
function show(): void {
  const chosen = current();
  for (const name of names) {
    const isChosen = name === chosen;
    byId(`tab-${name}`).setAttribute('aria-selected', String(isChosen));
    byId(name).hidden = !isChosen;
    byId(tabs[name].panels).hidden = !isChosen;
  }
  if (fresh.has(chosen)) return;
  fresh.add(chosen);
  tabs[chosen].show(loaded);
}

async function open(file: File): Promise<void> {
  try {
    loaded = await readFile(file);
    fresh.clear();
    show();
  } catch (error) {
    byId('status').classList.add('error');
    byId('name').textContent = error instanceof Error ? error.message : String(error);
  }
}

for (const name of names) {
  byId(`tab-${name}`).addEventListener('click', () => {
    location.hash = name;
  });
}
window.addEventListener('hashchange', show);

const drop = byId('drop');
byId<HTMLInputElement>('file').addEventListener('change', ({ target }) => {
  const file = (target as HTMLInputElement).files?.[0];
  if (file !== undefined) void open(file);
});
for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', name === 'dragenter' || name === 'dragover');
  });
}
document.addEventListener('drop', ({ dataTransfer }) => {
  const file = dataTransfer?.files[0];
  if (file !== undefined) void open(file);
});

show();
