import { createVolume, reorient, toOrder, type Volume, type VoxelArray } from '@genesis/volume-io';
import fc from 'fast-check';

export const TYPES = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;
export const CODES = ['RAS', 'LPS', 'SAR', 'PIR', 'ILA', 'ASL', 'LAS', 'RSP'];

/** Any type, shape, memory order and (oblique) affine. */
export const volumes: fc.Arbitrary<Volume> = fc
  .record({
    Type: fc.constantFrom(...TYPES),
    shape: fc.tuple(
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 8 }),
    ),
    seed: fc.integer({ min: 0, max: 9999 }),
    turn: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
    tilt: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
    spacing: fc.tuple(
      ...([0, 1, 2].map(() => fc.double({ min: 0.4, max: 5, noNaN: true })) as [
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
      ]),
    ),
    order: fc.constantFrom('C' as const, 'F' as const),
    code: fc.constantFrom(...CODES),
  })
  .map(({ Type, shape, seed, turn, tilt, spacing, order, code }) => {
    let state = seed + 1;
    const data: VoxelArray = (Type as Float64ArrayConstructor).from(
      { length: shape[0] * shape[1] * shape[2] },
      () => {
        state = (state * 16807) % 2147483647;
        return state % 120;
      },
    );
    const [c, s, d, e] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
    const [x, y, z] = spacing;
    const affine = [
      c * x,
      -s * d * y,
      s * e * z,
      9,
      s * x,
      c * d * y,
      -c * e * z,
      -7,
      0,
      e * y,
      d * z,
      5,
      0,
      0,
      0,
      1,
    ];
    return reorient(toOrder(createVolume<VoxelArray>(data, { shape, affine }), order), code);
  });

/** The voxels, i fastest. */
export const flat = (volume: Volume): number[] => Array.from(toOrder(volume, 'F').data.data);

export const sameGeometry = (a: Volume, b: Volume): boolean =>
  a.affine.every((v, n) => Math.abs(v - b.affine[n]) < 1e-9) &&
  a.data.shape.every((n, d) => n === b.data.shape[d]) &&
  a.orientation === b.orientation;

export const runs = { seed: 11, numRuns: 200 };
