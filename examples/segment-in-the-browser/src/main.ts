import type { ClassVolume, SegmentAnswer, SegmentRequest } from './messages.js';
import { COLORS, showPlanes } from './planes.js';

const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

const status = byId('status');
const progress = byId<HTMLProgressElement>('progress');
const cancel = byId<HTMLButtonElement>('cancel');
const start = byId<HTMLButtonElement>('start');
const download = byId<HTMLButtonElement>('download');

/** The worker of the segmentation under way. */
let worker: Worker | undefined;

byId<HTMLFormElement>('inputs').onsubmit = (event) => {
  event.preventDefault();
  const model = byId<HTMLInputElement>('model').files?.[0];
  const scan = [...(byId<HTMLInputElement>('scan').files ?? [])];
  if (!model || scan.length === 0) return;
  const engine = byId<HTMLSelectElement>('engine').value as SegmentRequest['engine'];
  segment({ model, scan, engine });
};

cancel.onclick = () => {
  finish();
  say('Cancelled.');
};

function segment(request: SegmentRequest): void {
  byId('result').hidden = true;
  progress.hidden = false;
  progress.removeAttribute('value');
  start.disabled = true;
  cancel.disabled = false;
  say('Reading …');
  const begun = performance.now();
  let engine = '';
  worker = new Worker(new URL('./segment.worker.ts', import.meta.url), { type: 'module' });
  worker.onerror = (event) => {
    finish();
    say(event.message || 'The worker could not be started.', true);
  };
  worker.onmessage = ({ data }: MessageEvent<SegmentAnswer>) => {
    if (data.kind === 'engine') engine = data.name;
    if (data.kind === 'progress') {
      const { done, total } = data;
      progress.value = done / total;
      const left = ((performance.now() - begun) / 1000) * (total / done - 1);
      say(`Window ${done} of ${total} on ${engine}, about ${Math.ceil(left)} s left.`);
    }
    if (data.kind === 'error') {
      finish();
      say(data.message, true);
    }
    if (data.kind === 'result') {
      finish();
      show(data, request.scan[0].name);
      say(`Done in ${((performance.now() - begun) / 1000).toFixed(1)} s on ${engine}.`);
    }
  };
  worker.postMessage(request);
}

function finish(): void {
  worker?.terminate();
  worker = undefined;
  progress.hidden = true;
  start.disabled = false;
  cancel.disabled = true;
}

function say(text: string, isError = false): void {
  status.textContent = text;
  status.classList.toggle('error', isError);
}

function show(result: SegmentAnswer & { kind: 'result' }, name: string): void {
  byId('result').hidden = false;
  showPlanes(byId('planes'), result.preview);
  byId('classes').replaceChildren(...result.classes.map(classRow));
  download.onclick = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([result.labels]));
    link.download = `${name.replace(/(\.nii)?(\.gz)?$|\.[^.]*$/i, '')}-labels.nii`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
}

function classRow({ name, milliliters }: ClassVolume, n: number): HTMLTableRowElement {
  const row = document.createElement('tr');
  const label = row.insertCell();
  if (n > 0) {
    const swatch = document.createElement('i');
    swatch.style.background = COLORS[(n - 1) % COLORS.length];
    label.append(swatch);
  }
  label.append(name);
  row.insertCell().textContent = milliliters.toFixed(2);
  return row;
}
