import { resampleLike, type Vec3, type Volume } from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import { flat, volumes } from './any-volume.js';

/** What the inner loops run through: stretched, turned and tilted grids, of any type, partly outside. */
const cases = fc.sample(
  fc.record({
    volume: volumes,
    turn: fc.constantFrom(0, 0.2, -1.1),
    tilt: fc.constantFrom(0, 0, 0.15),
    step: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.3, max: 1.7, noNaN: true }))),
    shift: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -1, max: 3, noNaN: true }))),
    hole: fc.boolean(),
    fill: fc.constantFrom<number | 'edge'>(3, 'edge'),
  }),
  { seed: 11, numRuns: 300 },
);

// It cannot be taken away once it has been used, so this goes first.
test('WebAssembly and TypeScript give the same bits', (t) => {
  const given = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly')!;
  Object.defineProperty(globalThis, 'WebAssembly', { ...given, value: undefined });
  const without = cases.map(resample);
  Object.defineProperty(globalThis, 'WebAssembly', given);
  const differ = cases.filter((one, n) => {
    const bits = resample(one);
    return !bits.every((v, at) => Object.is(v, without[n][at]));
  });
  t.is(differ.length, 0);
});

function resample({
  volume,
  turn,
  tilt,
  step,
  shift,
  hole,
  fill,
}: (typeof cases)[number]): number[] {
  const { data } = volume.data;
  if (hole && /Float/.test(data.constructor.name)) {
    data[5 % data.length] = Number.NaN;
    data[7 % data.length] = -0;
    data[8 % data.length] = Number.NEGATIVE_INFINITY;
  }
  const [x, y, z] = step as Vec3;
  const [c, s, d, e] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  const matrix = [c * x, -s * d * y, s * e * z, s * x, c * d * y, -c * e * z, 0, e * y, d * z];
  const grid = { shape: [7, 5, 4] as Vec3, affine: onto(volume, matrix, shift as Vec3) };
  return flat(resampleLike(volume, grid, { fill, antialias: false }));
}

/** The affine of a grid whose voxel (i, j, k) is the volume's matrix · (i, j, k) + shift. */
function onto({ affine }: Volume, matrix: readonly number[], shift: Vec3): Float64Array {
  const out = Float64Array.from(affine);
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      out[r * 4 + c] = [0, 1, 2].reduce((sum, n) => sum + affine[r * 4 + n] * matrix[n * 3 + c], 0);
    }
    out[r * 4 + 3] += [0, 1, 2].reduce((sum, n) => sum + affine[r * 4 + n] * shift[n], 0);
  }
  return out;
}
