import { createRng } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { VolumeArray } from '../api.js';
import type { LabelArray, Pair, PairApplyOpts } from '../augment/api.js';
import { createAugmentation } from '../augment/create-augmentation.js';
import { TransformsError } from '../errors.js';
import type { ArrayRef, Job, PairRef, PairSlot, TravelArray, WorkerSetup } from './protocol.js';

const arrayOf = <T extends TravelArray>({ data, shape, stride, offset }: ArrayRef<T>): NdArray<T> =>
  ndarray(data, shape, stride, offset);

/** The place of sample i in the memory of a batch; without the last axis for arrays of rank 3. */
function view<T extends TravelArray>(
  data: T,
  i: number,
  shape: readonly number[],
  rank: number,
): NdArray<T> {
  const size = shape.reduce((product, n) => product * n, 1);
  const sample = ndarray(data.subarray(i * size, (i + 1) * size) as T, [...shape]);
  return rank === 3 ? sample.pick(null, null, null, 0) : sample;
}

/** Makes batches of augmented pairs. */
export function createPairMaker(
  setup: Extract<WorkerSetup, { kind: 'pairs' }>,
): (job: Job<PairSlot, PairRef>) => readonly unknown[] | null {
  const { shape, channels, maps, seed } = setup;
  const augmentation = createAugmentation(setup.augmentation);

  /** Throws unless an array has the spatial shape and so many channels. */
  function check(found: readonly number[], count: number, what: string): void {
    const fits = found.length === 3 ? count === 1 : found[3] === count;
    if (fits && shape.every((n, axis) => n === found[axis])) return;
    throw new TransformsError(
      'shape',
      `${what} becomes [${found.join(', ')}]; the pool makes ${shape.join('×')} voxels with ${count} channels.`,
      { shape: found },
    );
  }

  return ({ epoch, indices, refs, slot }) => {
    const all = refs.map((ref, i) => {
      const what = `pair ${indices[i]} of epoch ${epoch}`;
      const image: VolumeArray = arrayOf(ref.image);
      const pair: Pair = { image };
      const factors = augmentation.draw(createRng(seed, epoch, indices[i]), image.shape);
      check(augmentation.outShape(image.shape, factors), channels, `The image of ${what}`);
      const out: PairApplyOpts['out'] = {
        image: view(slot.image, i, [...shape, channels], image.dimension),
      };
      if (ref.label !== null) {
        const label = arrayOf(ref.label) as LabelArray;
        pair.label = label;
        const count = label.dimension === 3 ? 1 : label.shape[3];
        check([...shape, count], maps, `The label of ${what}`);
        out.label = view(slot.label, i, [...shape, maps], label.dimension) as LabelArray;
      }
      augmentation.apply(pair, factors, { out });
      return factors;
    });
    return setup.factors ? all : null;
  };
}
