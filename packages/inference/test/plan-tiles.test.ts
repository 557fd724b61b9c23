import {
  createVolume,
  type RegionResampler,
  regionResampler,
  resampleToSpacing,
} from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import { type OutputGrid, resampledGrid, sameGrid } from '#src/window/output-grid.js';
import { planTiles, startsWithin } from '#src/window/plan-tiles.js';
import { windowGrid } from '#src/window/window-grid.js';

const side = fc.integer({ min: 1, max: 60 });
const length = fc.integer({ min: 1, max: 16 });

test('tiles cover a result once, are as small as asked for, and no window is forgotten', (t) => {
  fc.assert(
    fc.property(
      fc.tuple(side, side, side),
      fc.tuple(length, length, length),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.integer({ min: 1, max: 200000 }),
      (shape, window, overlap, maxBytes) => {
        const grid = windowGrid(shape, window, overlap);
        const plan = planTiles(grid, sameGrid(shape), 4, maxBytes);
        const covered = new Uint8Array(shape[1] * shape[2]);
        let windows = 0;
        for (const { y, z } of plan.tiles) {
          for (let j = y[0]; j < y[1]; j++) {
            for (let k = z[0]; k < z[1]; k++) covered[j * shape[2] + k]++;
          }
          const there = [startsWithin(grid, 1, y), startsWithin(grid, 2, z)];
          windows += there[0].length * there[1].length * grid.starts[0].length;
          if ((y[1] - y[0]) * (z[1] - z[0]) > plan.area) return false;
        }
        const isSmall = plan.planes * plan.area * 4 <= maxBytes;
        const finest = planTiles(grid, sameGrid(shape), 4, 0);
        return (
          covered.every((count) => count === 1) &&
          plan.windows === windows &&
          (isSmall || plan.area === finest.area)
        );
      },
    ),
    { seed: 1, numRuns: 300 },
  );
  t.pass();
});

test('what fits is not divided; what does not costs as few windows as can be', (t) => {
  const grid = windowGrid([512, 512, 300], [64, 64, 64], 0.5);
  const same = sameGrid([512, 512, 300]);
  const few = planTiles(grid, same, 4 * 4, 512 * 2 ** 20);
  t.is(few.tiles.length, 1);
  t.is(few.planes, 64);
  t.is(few.windows, 15 * 15 * 9);
  const many = planTiles(grid, same, 4 * 119, 512 * 2 ** 20);
  t.true(many.planes * many.area * 4 * 119 <= 512 * 2 ** 20);
  t.true(many.windows < 2 * few.windows, `${many.windows}`);
});

test('with resampling, a tile needs what its voxels are made of', (t) => {
  const old = createVolume(new Float32Array(40 * 40 * 40), { shape: [40, 40, 40] });
  const fresh = resampleToSpacing(old, [0.5, 2, 1.3]);
  const resampler: RegionResampler = regionResampler(
    { shape: [40, 40, 40], affine: old.affine },
    { shape: [80, 20, 31], affine: fresh.affine },
  );
  const output: OutputGrid = resampledGrid(resampler, [80, 20, 31]);
  const grid = windowGrid([40, 40, 40], [8, 8, 8], 0.5);
  const plan = planTiles(grid, output, 4, 8 * 20 * 20 * 4);
  t.true(plan.tiles.length > 1);
  t.is(plan.tiles[0].y[0], 0);
  t.is(plan.tiles.at(-1)?.y[1], 20);
  t.is(plan.tiles.at(-1)?.z[1], 31);
  t.true(plan.planes > 8, 'planes are kept for the next ones of the result');
});
