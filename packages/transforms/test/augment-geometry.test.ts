import {
  type Augmentation,
  brightness,
  compose,
  createRng,
  type LabelArray,
  mirror,
  type Pair,
  type Rider,
  type SpatialOpts,
  spatial,
  transposition,
  type VolumeArray,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { arraysOf, ballLabels, factorsOf, smoothVolume } from './support/pairs.js';
import { bits, largestDifference, values } from './support/volumes.js';

const turns: SpatialOpts[] = [
  { rotation: { angle: [-2, 2] }, scaling: { alikeRate: 0 }, labels: 'majority' },
  { rotation: {}, shear: {}, elastic: { displacement: 3, locked: 0 }, border: 'reflect' },
  { rotation: {}, translation: { voxels: [-9, 9] }, border: 'nearest', labels: 'nearest' },
  { patch: [9, 14, 6], place: 'random', rotation: {}, scaling: { factor: [0.3, 3] } },
];

for (const opts of turns) {
  test(`spatial ${JSON.stringify(opts)}: label values are never invented`, (t) => {
    for (const Elements of [Uint8Array, Uint16Array, Int16Array] as const) {
      const label = ballLabels([13, 12, 11], Elements, 5);
      const others = new Map([
        [3, 255],
        [4, 254],
        [5, Elements === Int16Array ? -1 : 5],
      ]);
      label.data.set([...label.data].map((v) => others.get(v) ?? v));
      const known = new Set([...label.data, 0]);
      for (let seed = 0; seed < 6; seed++) {
        const { label: made } = spatial(opts).make(
          { image: smoothVolume([13, 12, 11]), label },
          createRng(seed),
        );
        t.true(made?.data instanceof Elements);
        t.true([...(made as LabelArray).data].every((v) => known.has(v)));
      }
    }
  });

  test(`spatial ${JSON.stringify(opts)}: a volume that is its own label map stays so`, (t) => {
    for (const [order, labels] of [
      [0, 'nearest'],
      [1, 'majority'],
    ] as const) {
      const label = ballLabels([13, 12, 11], Uint8Array, 1);
      const image = ndarray(Float32Array.from(label.data), [13, 12, 11]);
      for (let seed = 0; seed < 6; seed++) {
        const made = spatial({ ...opts, order, labels }).make({ image, label }, createRng(seed));
        const found = (made.label as LabelArray).data;
        made.image.data.forEach((v, i) => {
          // Where the two labels have the same part, the nearest voxel says which.
          if (order === 1 && Math.abs(v - 0.5) < 2e-4) return;
          if (found[i] !== (order === 1 ? Number(v > 0.5) : v)) t.fail(`${v} ${found[i]}`);
        });
      }
    }
    t.pass();
  });
}

test('spatial: a mask rides as the label does, a distance map as the image', (t) => {
  const label = ballLabels([13, 12, 11]);
  const image = smoothVolume([13, 12, 11]);
  const riders: Record<string, Rider> = {
    mask: { kind: 'label', data: label },
    distance: { kind: 'image', data: image },
  };
  const made = compose(spatial({ rotation: {}, elastic: { displacement: 2 } }), mirror()).make(
    { image, label, riders },
    createRng(0),
  );
  const { mask, distance } = arraysOf(made);
  t.deepEqual(mask, (made.label as LabelArray).data);
  t.deepEqual(bits(distance as Float32Array), bits(made.image.data));
});

test('points go where the voxels go', (t) => {
  const shape = [24, 22, 26];
  // A blob at a place: its center of mass is that place.
  const at = [10.3, 12.1, 13.7];
  const image = ndarray(new Float32Array(24 * 22 * 26), shape);
  for (let x = 0; x < 24; x++)
    for (let y = 0; y < 22; y++)
      for (let z = 0; z < 26; z++)
        image.set(x, y, z, Math.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2 + (z - at[2]) ** 2) / 5));
  const points = ndarray(Float64Array.from([...at, 1, 2, 3]), [2, 3]);
  const augmentations: Augmentation[] = [
    spatial({ rotation: {}, scaling: {}, translation: { voxels: [-2, 2] } }),
    spatial({
      rotation: {},
      shear: {},
      patch: [26, 20, 25],
      place: 'random',
      margin: 10,
    }),
    spatial({ elastic: { displacement: 3, controlPoints: 6, locked: 0 } }),
    spatial({ patch: [20, 21, 18] }),
    mirror({ rate: 1 }),
    compose(spatial({ rotation: {}, elastic: { displacement: 2 } }), mirror()),
  ];
  for (const augmentation of augmentations) {
    for (let seed = 0; seed < 4; seed++) {
      const made = augmentation.make(
        { image, riders: { points: { kind: 'points', data: points } } },
        createRng(seed),
      );
      const mass = [0, 0, 0];
      let total = 0;
      const [nx, ny, nz] = made.image.shape;
      for (let x = 0; x < nx; x++)
        for (let y = 0; y < ny; y++)
          for (let z = 0; z < nz; z++) {
            const v = made.image.get(x, y, z);
            total += v;
            mass[0] += v * x;
            mass[1] += v * y;
            mass[2] += v * z;
          }
      const found = made.riders?.points.data as ndarray.NdArray<Float64Array>;
      for (let a = 0; a < 3; a++) {
        const distance = Math.abs(found.get(0, a) - mass[a] / total);
        // A bent blob is no longer symmetric.
        t.true(distance < 0.25, `${augmentation.name} ${seed} ${a}: ${distance}`);
      }
    }
  }
});

test('quarter turns are turns of the voxels, and four of them return', (t) => {
  const image = smoothVolume([9, 9, 9]);
  const label = ballLabels([9, 9, 9]);
  const quarter = factorsOf([0, 0, Math.PI / 2], [9, 9, 9]);
  let pair: Pair = { image, label };
  pair = spatial().apply(pair, quarter);
  // Voxel (x, y) of the result lies at (−y, x) about the middle.
  t.true(Math.abs(pair.image.get(2, 3, 4) - image.get(8 - 3, 2, 4)) < 1e-5);
  for (let n = 0; n < 3; n++) pair = spatial().apply(pair, quarter);
  t.true(largestDifference(pair.image.data, image.data) < 1e-5);
  t.deepEqual((pair.label as LabelArray).data, label.data);
});

test('turned there and back, a smooth volume returns', (t) => {
  const shape: [number, number, number] = [32, 30, 31];
  const image = ndarray(new Float32Array(32 * 30 * 31), shape);
  for (let i = 0; i < image.size; i++) {
    const [x, y, z] = [Math.floor(i / 930), Math.floor(i / 31) % 30, i % 31];
    image.data[i] = Math.sin(0.2 * x) * Math.cos(0.15 * y) + Math.sin(0.18 * z);
  }
  for (const [order, tolerance] of [
    [1, 0.03],
    [3, 0.002],
  ] as const) {
    const there = spatial({ order }).apply({ image }, factorsOf([0, 0, 0.5], shape));
    const back = spatial({ order }).apply(there, factorsOf([0, 0, -0.5], shape));
    let largest = 0;
    // Inside, where nothing of the border came in.
    for (let x = 10; x < 22; x++)
      for (let y = 10; y < 20; y++)
        for (let z = 5; z < 26; z++)
          largest = Math.max(largest, Math.abs(back.image.get(x, y, z) - image.get(x, y, z)));
    t.true(largest < tolerance, `order ${order}: ${largest}`);
  }
});

test('a crop is the same voxels, and the same as a turn by nothing', (t) => {
  const image = smoothVolume([13, 12, 11]);
  const crop = spatial({ patch: [5, 6, 7] }).make({ image }, createRng(0)).image;
  // floor(13/2) − floor(5/2), as batchgenerators.
  t.is(crop.get(0, 0, 0), image.get(4, 3, 2));
  const turned = spatial().apply(
    { image },
    {
      ...factorsOf([0, 0, 0], [5, 6, 7]),
      center: [6, 5.5, 5],
      translation: [1, 0, 0],
    },
  ).image;
  t.true(Math.abs(turned.get(0, 0, 0) - image.get(5, 3, 2)) < 1e-6);
});

test('a transposition is a transposition, whatever the sides', (t) => {
  for (const shape of [
    [20, 33, 18],
    [16, 16, 16],
    [37, 5, 21],
  ]) {
    const image = smoothVolume(shape);
    for (const Elements of [Uint8Array, Uint16Array] as const) {
      const label = ballLabels(shape, Elements, 9);
      for (const order of [
        [1, 0, 2],
        [0, 2, 1],
        [2, 1, 0],
        [1, 2, 0],
        [2, 0, 1],
      ] as const) {
        const made = transposition().apply({ image, label }, { order });
        t.deepEqual(bits(made.image.data), bits(values(image.transpose(...order))));
        const wanted = values(label.transpose(...order) as never);
        t.true((made.label as LabelArray).data.every((v, i) => v === wanted[i]));
      }
    }
  }
});

test('volumes that are worked on in parts are moved as a whole', (t) => {
  // More than a part, rows that are no whole vectors, and a crop whose rows are short.
  const image = smoothVolume([70, 66, 75]);
  const label = ballLabels([70, 66, 75], Uint8Array, 9);
  const start: [number, number, number] = [3, 1, 2];
  const shape: [number, number, number] = [66, 65, 67];
  const cut = <A extends VolumeArray | LabelArray>(array: A): A =>
    array.lo(...start).hi(...shape) as A;
  const backwards = <A extends VolumeArray | LabelArray>(array: A, axes: readonly number[]): A =>
    array.step(...[0, 1, 2].map((axis) => (axes.includes(axis) ? -1 : 1))) as A;
  const isSame = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    return i === a.length && i === b.length;
  };
  const crop = spatial({ patch: shape });
  const whole = crop.draw(createRng(0), [70, 66, 75]);
  const center = start.map((at, axis) => at + Math.floor(shape[axis] / 2)) as typeof start;
  for (const axes of [[], [2], [0, 1], [0, 1, 2]] as (0 | 1 | 2)[][]) {
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [2, 1, 0],
      [1, 2, 0],
    ] as const) {
      const steps = compose(crop, mirror(), transposition(), mirror(), brightness());
      const scaled = { channels: [{ factor: 2, shift: 0 }] };
      const last = { axes: [0] as const };
      const made = steps.apply({ image, label }, [
        { ...whole, center },
        { axes },
        { order },
        last,
        scaled,
      ]);
      const moved = <A extends VolumeArray | LabelArray>(array: A): A =>
        backwards(backwards(cut(array), axes).transpose(...order) as A, last.axes);
      const wanted = values(moved(image)).map((v) => v * 2);
      t.true(isSame(made.image.data, wanted), `${axes} ${order}`);
      const labels = values(moved(label) as never);
      t.true(isSame((made.label as LabelArray).data, labels));
      // Without a map, the image goes the other way too.
      const plain = compose(crop, mirror(), transposition()).apply({ image: image }, [
        { ...whole, center },
        { axes },
        { order },
      ]);
      const same = values(backwards(cut(image), axes).transpose(...order));
      t.true(isSame(plain.image.data, same), `${axes} ${order}`);
    }
  }
});

test('in plane, slices keep to themselves', (t) => {
  const shape = [15, 14, 6];
  const augmentation = spatial({
    acrossAxis: 2,
    patch: [11, 12, 6],
    rotation: { angle: [-3, 3] },
    scaling: {},
    shear: {},
    translation: {},
    elastic: { displacement: 2 },
  });
  const image = smoothVolume(shape);
  for (let seed = 0; seed < 6; seed++) {
    const { factors, image: made } = augmentation.make({ image }, createRng(seed));
    t.is(factors.angles[0], 0);
    t.is(factors.scales[2], 1);
    // A slice alone, as a volume of one slice, becomes what it becomes in the volume.
    for (const z of [0, 3, 5]) {
      const slice = ndarray(values(image.pick(null, null, z)), [15, 14, 1]);
      const one = {
        ...factors,
        shape: [11, 12, 1] as const,
        center: [...factors.center] as [number, number, number],
      };
      one.center[2] = 0;
      const elastic = factors.elastic;
      // Along the axis the field does not change.
      t.true(elastic !== null);
      const alone = spatial().apply({ image: slice }, { ...one, elastic: null }).image;
      const whole = spatial().apply({ image }, { ...factors, elastic: null }).image;
      t.true(largestDifference(values(whole.pick(null, null, z)), alone.data) < 1e-5);
    }
    t.deepEqual(made.shape, [11, 12, 6]);
  }
});

test('random places stay within the image', (t) => {
  const augmentation = spatial({ patch: [5, 6, 7], place: 'random' });
  const seen = new Set<number>();
  for (let seed = 0; seed < 300; seed++) {
    const { center } = augmentation.draw(createRng(seed), [13, 6, 4]);
    t.true(center[0] >= 2 && center[0] <= 10);
    t.is(center[1], 2.5);
    t.is(center[2], 1.5);
    seen.add(Math.round(center[0]));
  }
  t.is(seen.size, 9);
});
