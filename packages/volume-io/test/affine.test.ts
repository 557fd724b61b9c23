import {
  affineAxes,
  affineDeterminant,
  affineOrientation,
  affineSpacing,
  applyAffine,
  composeAffines,
  createVolume,
  flipLpsRas,
  identityAffine,
  invertAffine,
  scaleAffine,
  shiftAffine,
  type Vec3,
  VolumeIoError,
} from '@genesis/volume-io';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';

const numbers = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), {
  minLength: 12,
  maxLength: 12,
});
const affines = numbers
  .map((m) => Float64Array.of(...m, 0, 0, 0, 1))
  .filter((a) => {
    const [x, y, z] = affineSpacing(a);
    return Math.abs(affineDeterminant(a)) > 1e-3 * x * y * z && Math.min(x, y, z) > 1e-3;
  });
const point = fc.tuple(
  ...[0, 1, 2].map(() => fc.double({ min: -100, max: 100, noNaN: true })),
) as fc.Arbitrary<Vec3>;

test('an inverse undoes, composing is applying one after the other', (t) => {
  fc.assert(
    fc.property(affines, affines, point, (a, b, p) => {
      const back = applyAffine(invertAffine(a), applyAffine(a, p));
      const twice = applyAffine(a, applyAffine(b, p));
      const once = applyAffine(composeAffines(a, b), p);
      for (let n = 0; n < 3; n++) {
        t.true(Math.abs(back[n] - p[n]) < 1e-6);
        t.true(Math.abs(once[n] - twice[n]) < 1e-6);
      }
    }),
    { seed: 5, numRuns: 200 },
  );
});

test('all 48 orientations are named, and axes agree with them', (t) => {
  const seen = new Set<string>();
  const permutations = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  for (const rows of permutations) {
    for (let signs = 0; signs < 8; signs++) {
      const a = new Float64Array(16);
      a[15] = 1;
      let expected = '';
      for (let column = 0; column < 3; column++) {
        const negative = ((signs >> column) & 1) === 1;
        a[rows[column] * 4 + column] = negative ? -2 : 2;
        expected += [
          ['R', 'L'],
          ['A', 'P'],
          ['S', 'I'],
        ][rows[column]][negative ? 1 : 0];
      }
      t.is(affineOrientation(a), expected);
      t.deepEqual([...affineAxes(a).axis], rows);
      seen.add(expected);
    }
  }
  t.is(seen.size, 48);
});

test('an oblique affine is named by its nearest axes, each once', (t) => {
  const slanted = Float64Array.of(0.8, 0.7, 0, 0, 0.6, 0.6, 0.1, 0, 0, 0.1, 0.9, 0, 0, 0, 0, 1);
  t.is(affineOrientation(slanted), 'RAS');
  t.is(affineOrientation(flipLpsRas(slanted)), 'LPS');
});

test('singular affines are named and measured but not inverted; tiny voxels are', (t) => {
  const flat = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
  t.deepEqual(affineSpacing(flat), [1, 1, 0]);
  t.is(affineOrientation(flat).length, 3);
  const error = t.throws(() => invertAffine(flat), { instanceOf: VolumeIoError });
  t.is(error?.code, 'geometry');
  const tiny = scaleAffine([1e-6, 1e-6, 1e-6]);
  t.true(Math.abs(invertAffine(tiny)[0] - 1e6) < 1e-3);
});

test('shifting starts at another voxel and may stride', (t) => {
  const a = scaleAffine([2, 3, 4], [10, 20, 30]);
  const b = shiftAffine(a, [1, 2, 3], [2, 1, -1]);
  t.deepEqual(applyAffine(b, [0, 0, 0]), applyAffine(a, [1, 2, 3]));
  t.deepEqual(applyAffine(b, [1, 0, 1]), applyAffine(a, [3, 2, 2]));
});

test('createVolume: what follows from the affine, no copy, clear refusals', (t) => {
  const data = Float32Array.from({ length: 24 }, (_, n) => n);
  const volume = createVolume(data, { shape: [2, 3, 4], spacing: [1, 2, 3], origin: [5, 6, 7] });
  t.is(volume.data.data, data);
  t.is(volume.data.get(1, 2, 3), 23);
  t.is(volume.data.get(1, 0, 0), 1);
  t.deepEqual(volume.spacing, [1, 2, 3]);
  t.is(volume.orientation, 'RAS');
  t.deepEqual(applyAffine(volume.affine, [0, 0, 0]), [5, 6, 7]);
  t.is(volume.header.dtype, 'float32');
  const code = (work: () => unknown): string | undefined =>
    t.throws(work, { instanceOf: VolumeIoError })?.code;
  t.is(
    code(() => createVolume(data)),
    'bad-argument',
  );
  t.is(
    code(() => createVolume(data, { shape: [2, 3, 5] })),
    'bad-argument',
  );
  t.is(
    code(() => createVolume(ndarray(data, [4, 6]))),
    'bad-argument',
  );
  t.is(
    code(() => createVolume(data, { shape: [2, 3, 4], affine: [1, 2, 3] })),
    'geometry',
  );
  const bad = identityAffine();
  bad[3] = Number.NaN;
  t.is(
    code(() => createVolume(data, { shape: [2, 3, 4], affine: bad })),
    'geometry',
  );
});
