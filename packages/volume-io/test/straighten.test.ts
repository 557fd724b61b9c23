import { readFileSync } from 'node:fs';
import {
  affineDeterminant,
  affineSpacing,
  createVolume,
  encodeVolume,
  reorient,
  straighten,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';
import test from 'ava';

interface Case {
  name: string;
  dtype: 'float32' | 'int16';
  shape: Vec3;
  affine: number[];
  voxels: number[];
  straight: { shape: Vec3; affine: number[]; linear: number[]; nearest: number[] };
}

/** Made by test/reference/straighten_fixtures.py: what SimpleITK makes of sheared volumes. */
const cases: Case[] = JSON.parse(
  readFileSync(new URL('../../test/fixtures/ops/straighten.json', import.meta.url), 'utf8'),
);

function volumeOf({ dtype, voxels, shape, affine }: Case): Volume<Float32Array | Int16Array> {
  const data = dtype === 'int16' ? Int16Array.from(voxels) : Float32Array.from(voxels);
  return createVolume<Float32Array | Int16Array>(data, { shape, affine });
}

/** Voxels i fastest. */
function flat(volume: Volume): number[] {
  const [nx, ny, nz] = volume.data.shape;
  return Array.from({ length: nx * ny * nz }, (_, n) =>
    volume.data.get(n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)),
  );
}

/** Largest cosine between two axes. */
function skew({ affine }: Volume): number {
  const spacing = affineSpacing(affine);
  const cosine = (a: number, b: number): number =>
    [0, 4, 8].reduce((sum, row) => sum + affine[row + a] * affine[row + b], 0) /
    (spacing[a] * spacing[b]);
  return Math.max(...[cosine(0, 1), cosine(0, 2), cosine(1, 2)].map(Math.abs));
}

for (const one of cases) {
  test(`${one.name}: the grid and the voxels of SimpleITK`, (t) => {
    for (const interpolation of ['linear', 'nearest'] as const) {
      const made = straighten(volumeOf(one), { interpolation });
      t.deepEqual(made.data.shape, one.straight.shape);
      for (const [n, v] of one.straight.affine.entries()) {
        t.true(Math.abs(made.affine[n] - v) < 1e-9, `affine[${n}]`);
      }
      t.true(skew(made) < 1e-12);
      const expected = one.straight[interpolation];
      // Rounded to the nearest; where two old voxels are as near as each other, either is right.
      const tolerance = one.dtype === 'int16' ? 0.5001 : 2e-3;
      const wrong = flat(made).filter((v, n) => !(Math.abs(v - expected[n]) <= tolerance));
      t.is(wrong.length, 0, `${interpolation}: ${wrong.slice(0, 5)}`);
      t.regex(made.header.notes.join(' '), /straightened/);
    }
  });
}

test('the first slice, which lies on the new grid, keeps its voxels, and all are inside', (t) => {
  const [one] = cases;
  const volume = volumeOf(one);
  const made = straighten(volume, { fill: -5000 });
  const kept = flat(made).filter((v) => v !== -5000);
  const [nx, ny, nz] = one.shape;
  t.true(kept.length >= nx * (ny - 1) * nz);
  const values = new Set(flat(made));
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) t.true(values.has(volume.data.get(i, j, 0)));
  }
});

test('whichever axis the slices are along, and whichever way', (t) => {
  for (const code of ['LPS', 'RAS', 'SLP', 'AIR']) {
    const turned = reorient(volumeOf(cases[0]), code);
    const made = straighten(turned);
    t.true(skew(made) < 1e-12);
    t.is(made.orientation, code);
    t.is(Math.sign(affineDeterminant(made.affine)), Math.sign(affineDeterminant(turned.affine)));
    t.deepEqual([...made.data.shape].sort(), [...cases[0].straight.shape].sort());
  }
});

test('a volume without shear is given back; a straightened one has a qform again', async (t) => {
  const plain = createVolume(new Uint8Array(8), { shape: [2, 2, 2], spacing: [1, 2, 3] });
  t.is(straighten(plain), plain);
  const made = straighten(volumeOf(cases[1]));
  t.is(straighten(made), made);
  const view = new DataView((await encodeVolume(made, 'nifti1')).buffer);
  t.deepEqual([view.getInt16(252, true), view.getInt16(254, true)], [1, 1]);
});
