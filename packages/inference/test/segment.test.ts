import { createRng, type ReadonlyVec3 } from '@genesis/core';
import {
  labelVolume,
  type Network,
  type OutputBlock,
  type Preparation,
  prepareVolume,
  referenceNetwork,
  type SegmentationCard,
  segmentVolume,
} from '@genesis/inference';
import { createVolume, reorient, resampleLike, type Vec3, type Volume } from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { gaussianWindow } from '#src/window/gaussian.js';
import { windowGrid } from '#src/window/window-grid.js';

/** A network in a few lines: probabilities that depend on the intensity and on the place in the window. */
function network(classes: number, seed: number): Network {
  const rng = createRng(seed);
  const weights = Array.from({ length: 3 * classes }, () => 4 * rng.normal());
  const one = (input: Float32Array): Float32Array => {
    const output = new Float32Array(input.length * classes);
    for (let v = 0; v < input.length; v++) {
      const scores = Array.from({ length: classes }, (_, c) =>
        Math.exp(
          2 * Math.sin(weights[c] * input[v] + weights[classes + c] * v) +
            weights[2 * classes + c] / 8,
        ),
      );
      const sum = scores.reduce((a, b) => a + b);
      for (let c = 0; c < classes; c++) output[v * classes + c] = scores[c] / sum;
    }
    return output;
  };
  return async (crops) => crops.map(one);
}

function cardOf(crop: ReadonlyVec3, classes: number, preparation: Preparation): SegmentationCard {
  return {
    version: 1,
    kind: 'segmentation',
    network: referenceNetwork,
    crop,
    preparation,
    classes: Array.from({ length: classes }, (_, n) => ({ value: 3 * n, name: `class ${n}` })),
  };
}

/** Segmentation with everything in memory at once: sums over all windows, means, resampling of whole volumes, the best class. */
async function wholeSegmentation(
  volume: Volume,
  apply: Network,
  { crop, classes, preparation }: SegmentationCard,
  overlap: number,
): Promise<{ probabilities: Float32Array; classes: number[]; turned: Volume }> {
  const prepared = prepareVolume(volume, preparation);
  const [nx, ny, nz] = prepared.data.shape;
  const count = classes.length;
  const sums = new Float32Array(nx * ny * nz * count);
  const weights = new Float32Array(nx * ny * nz);
  const gaussian = gaussianWindow(crop);
  const { starts } = windowGrid([nx, ny, nz], crop, overlap);
  for (const x of starts[0]) {
    for (const y of starts[1]) {
      for (const z of starts[2]) {
        const input = new Float32Array(crop[0] * crop[1] * crop[2]);
        const each = (visit: (inWindow: number, inVolume: number, at: Vec3) => void): void => {
          for (let i = 0, n = 0; i < crop[0]; i++)
            for (let j = 0; j < crop[1]; j++)
              for (let k = 0; k < crop[2]; k++, n++) {
                const at: Vec3 = [x + i, y + j, z + k];
                const isInside = at.every((p, d) => p >= 0 && p < prepared.data.shape[d]);
                if (isInside) visit(n, (at[0] * ny + at[1]) * nz + at[2], at);
              }
        };
        each((n, _, at) => {
          input[n] = prepared.data.get(...at);
        });
        const [output] = await apply([input]);
        each((n, voxel) => {
          weights[voxel] += gaussian[n];
          for (let c = 0; c < count; c++) {
            sums[voxel * count + c] += gaussian[n] * output[n * count + c];
          }
        });
      }
    }
  }
  for (let n = 0; n < sums.length; n++) sums[n] /= weights[Math.floor(n / count)];
  const turned =
    preparation.orientation === 'native' ? volume : reorient(volume, preparation.orientation);
  const found = ndarray(sums, [nx, ny, nz, count]);
  const [mx, my, mz] = turned.data.shape;
  const probabilities = new Float32Array(mx * my * mz * count);
  for (let c = 0; c < count; c++) {
    const { affine } = prepared;
    const one = createVolume(found.pick(null, null, null, c), { affine });
    const own = preparation.spacing ? resampleLike(one, turned, { fill: 'edge' }) : one;
    for (let i = 0, n = c; i < mx; i++)
      for (let j = 0; j < my; j++)
        for (let k = 0; k < mz; k++, n += count) probabilities[n] = own.data.get(i, j, k);
  }
  const best = Array.from({ length: mx * my * mz }, (_, n) => {
    const own = probabilities.subarray(n * count, (n + 1) * count);
    return own.indexOf(Math.max(...own));
  });
  return { probabilities, classes: best, turned };
}

const spacing = fc.constantFrom(0.6, 0.9, 1, 1.3, 1.7, 2.5);
const side = fc.integer({ min: 1, max: 18 });

test('in parts of any size, a segmentation is bit for bit that of whole arrays', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(side, side, side),
      fc.constantFrom<Vec3>([8, 8, 8], [4, 8, 6], [8, 4, 4]),
      fc.record(
        {
          orientation: fc.constantFrom('native', 'RAS', 'LPS', 'SPL', 'IAR'),
          spacing: fc.tuple(spacing, spacing, spacing),
          normalization: fc.constantFrom('ct' as const, 'percentile' as const, 'zscore' as const),
          nonFinite: fc.constant('error' as const),
        },
        { requiredKeys: ['orientation', 'normalization', 'nonFinite'] },
      ),
      fc.constantFrom(0, 0.25, 0.5, 0.75),
      fc.constantFrom(1, 3000, 30000, 300000, undefined),
      fc.integer({ min: 2, max: 19 }),
      fc.nat(),
      async (shape, crop, preparation, overlap, maxBytes, classes, seed) => {
        const rng = createRng(seed);
        const voxels = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () =>
          rng.uniform() < 0.4 ? -1000 : rng.int(-1000, 1000),
        );
        const affine = [1.3, 0.1, 0, -9, -0.1, 1, 0.2, 4, 0, -0.2, 2, 70, 0, 0, 0, 1];
        const volume = createVolume(voxels, { shape, affine });
        const card = cardOf(crop, classes, preparation);
        const apply = network(classes, seed);
        const expected = await wholeSegmentation(volume, apply, card, overlap);
        const probabilities = new Float32Array(expected.probabilities.length).fill(Number.NaN);
        const [, my, mz] = expected.turned.data.shape;
        const keep = ({ start, channel, values }: OutputBlock): void => {
          const [x, y, z, count] = values.shape;
          for (let i = 0; i < x; i++)
            for (let j = 0; j < y; j++)
              for (let k = 0; k < z; k++)
                for (let c = 0; c < count; c++) {
                  const voxel = ((start[0] + i) * my + start[1] + j) * mz + start[2] + k;
                  const at = voxel * classes + channel + c;
                  if (!Number.isNaN(probabilities[at])) throw new Error('a voxel came twice');
                  probabilities[at] = values.get(i, j, k, c);
                }
        };
        const opts = { overlap, maxBytes, onProbabilities: keep };
        const found = await segmentVolume(volume, apply, card, opts);
        t.deepEqual(probabilities, expected.probabilities);
        t.deepEqual([...found.classes.data], expected.classes);
        t.deepEqual(found.affine, expected.turned.affine);
        const labels = labelVolume(found, card, volume);
        t.deepEqual(labels.data.shape, [...shape]);
        t.deepEqual(labels.affine, volume.affine);
      },
    ),
    { seed: 5, numRuns: 25 },
  );
});

test('more classes than 8 bits number, and values beyond them', async (t) => {
  const classes = 300;
  const card = cardOf([4, 4, 4], classes, {
    orientation: 'native',
    normalization: 'ct',
    nonFinite: 'error',
  });
  const volume = createVolume(
    Float32Array.from({ length: 300 }, (_, n) => n),
    { shape: [10, 10, 3] },
  );
  // Each window says that its voxel n is of class 299 − n.
  const apply: Network = async (crops) =>
    crops.map((crop) => {
      const output = new Float32Array(crop.length * classes);
      crop.forEach((_, n) => {
        output[n * classes + classes - 1 - n] = 1;
      });
      return output;
    });
  const found = await segmentVolume(volume, apply, card, { overlap: 0 });
  t.true(found.classes.data instanceof Uint16Array);
  t.is(found.classes.get(0, 0, 0), 299);
  const labels = labelVolume(found, card, volume);
  t.is(labels.data.get(0, 0, 0), 3 * 299);
  t.is(labels.header.dtype, 'int16');
});

test('a network that gives NaN is an error, not background', async (t) => {
  const preparation: Preparation = {
    orientation: 'native',
    normalization: 'ct',
    nonFinite: 'error',
  };
  const volume = createVolume(new Float32Array(512), { shape: [8, 8, 8] });
  const apply: Network = async (crops) =>
    crops.map((crop) => new Float32Array(2 * crop.length).fill(Number.NaN));
  await t.throwsAsync(segmentVolume(volume, apply, cardOf([4, 4, 4], 2, preparation)), {
    code: 'non-finite',
    message: /the network gives NaN/,
  });
  await t.throwsAsync(
    segmentVolume(volume, apply, cardOf([4, 4, 4], 2, preparation), { overlap: 1 }),
    { code: 'bad-argument', message: /an overlap of 1 is outside 0…0.95/ },
  );
});
