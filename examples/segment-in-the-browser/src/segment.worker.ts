// Loads the model, reads the scan and labels it, away from the page's own thread.
import { loadPredictor, type SegmentationCard } from '@genesis/inference';
import { selectEngine } from '@genesis/unet3d';
import { encodeVolume, readVolume, reorient, type Volume } from '@genesis/volume-io';
import type { ClassVolume, Preview, SegmentAnswer, SegmentRequest } from './messages.js';

const say = (answer: SegmentAnswer, transfer: Transferable[] = []): void =>
  self.postMessage(answer, { transfer });

self.onmessage = async ({ data }: MessageEvent<SegmentRequest>) => {
  try {
    await segment(data);
  } catch (error) {
    say({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
  }
};

async function segment({ model, scan, engine }: SegmentRequest): Promise<void> {
  const { name } = await selectEngine(engine);
  say({ kind: 'engine', name });
  const predictor = await loadPredictor(model);
  const { card } = predictor;
  if (card.kind !== 'segmentation') {
    throw new Error(`${model.name} is a model of ${card.kind}, not of segmentation`);
  }
  const image = await readVolume(scan.length === 1 ? scan[0] : [...scan]);
  const labels = await predictor.segment(image, {
    onWindow: (done, total) => say({ kind: 'progress', done, total }),
  });
  const file = Uint8Array.from(await encodeVolume(labels, 'nifti1'));
  const preview = previewOf(image, labels, card);
  say({ kind: 'result', labels: file, classes: volumesOf(labels, card), preview }, [
    file.buffer,
    preview.image.buffer,
    preview.classes.buffer,
  ]);
}

function volumesOf(labels: Volume, card: SegmentationCard): ClassVolume[] {
  const [x, y, z] = labels.spacing;
  const counts = new Map<number, number>();
  for (const value of labels.data.data) counts.set(value, (counts.get(value) ?? 0) + 1);
  return card.classes.map(({ name, value }) => ({
    name,
    milliliters: ((counts.get(value) ?? 0) * x * y * z) / 1000,
  }));
}

function previewOf(image: Volume, labels: Volume, card: SegmentationCard): Preview {
  const shown = reorient(image, 'RAS');
  const marked = reorient(labels, 'RAS');
  const [nx, ny, nz] = shown.data.shape;
  const { low, high } = displayWindow(image.data.data);
  const position = new Map(card.classes.map(({ value }, n) => [value, n]));
  const gray = new Uint8Array(nx * ny * nz);
  const classes = new Uint8Array(nx * ny * nz);
  let n = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        const share = (shown.data.get(i, j, k) - low) / (high - low);
        gray[n] = 255 * Math.min(1, Math.max(0, share));
        classes[n] = position.get(marked.data.get(i, j, k)) ?? 0;
      }
    }
  }
  return { shape: [nx, ny, nz], spacing: shown.spacing, image: gray, classes };
}

/** From the 1st to the 99th percentile of some of the voxels. */
function displayWindow(values: ArrayLike<number>): { low: number; high: number } {
  const step = Math.max(1, Math.floor(values.length / 20_000));
  const some: number[] = [];
  for (let n = 0; n < values.length; n += step) {
    if (Number.isFinite(values[n])) some.push(values[n]);
  }
  some.sort((a, b) => a - b);
  const at = (share: number): number => some[Math.floor(share * (some.length - 1))] ?? 0;
  const low = at(0.01);
  return { low, high: Math.max(at(0.99), low + 1e-6) };
}
