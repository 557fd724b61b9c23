import type { PublishedModel } from '../../card/api.js';
import { CARD_FILE } from '../../card/api.js';
import { packageName } from '../../card/package-name.js';

/** What npm needs to know of a model package: its files, no code and no scripts. */
export function packageJson(card: PublishedModel): string {
  const { name, version, license, modality, model } = card;
  const manifest = {
    name: packageName(name),
    version,
    description: card.title,
    keywords: [
      'models-genesis',
      'pretrained-models',
      'medical-imaging',
      String(model.kind),
      ...modality,
    ],
    license,
    files: [CARD_FILE, ...card.files.map(({ path }) => path)],
    publishConfig: { access: 'public' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
