import {
  batchMask,
  createBatchPool,
  createRng,
  createTask,
  denoising,
  jigsaw,
  maskedAutoencoding,
  patchMaskToVoxels,
  patchShuffling,
  permutationSet,
  type Rotation,
  rotation,
  rotationClasses,
  rubiksCube,
  singleInPainting,
  TransformsError,
  taskNames,
} from '@genesis/transforms';
import test from 'ava';
import { bits, randomVolume, strided, values } from './support/volumes.js';

for (const name of taskNames) {
  test(`${name}: target is the crop or its flip, replays from JSON, keeps to 0…1`, (t) => {
    const task = createTask(name);
    t.is(task.name, name);
    for (const shape of [
      [16, 16, 8],
      [13, 9, 11],
      [12, 10, 8, 2],
    ]) {
      const crop = randomVolume(shape, 1);
      const before = crop.data.slice();
      const sample = task.make(crop, createRng(0, 1, 2));
      t.deepEqual(bits(crop.data), bits(before));
      t.deepEqual(sample.input.shape, shape);
      t.deepEqual(sample.target.data.slice().sort(), crop.data.slice().sort());
      t.true(sample.input.data.every((v) => v >= 0 && v <= 1));
      const factors = JSON.parse(JSON.stringify(sample.factors)) as unknown;
      t.deepEqual(factors, sample.factors);

      const out = { input: strided(crop), target: strided(crop) };
      const again = task.apply(strided(crop), factors, { out });
      t.is(again.input, out.input);
      t.deepEqual(bits(values(again.input)), bits(sample.input.data));
      t.deepEqual(bits(values(again.target)), bits(sample.target.data));
      t.deepEqual(again.labels, sample.labels);
      for (const label of Object.values(sample.labels ?? {})) {
        t.true(typeof label === 'number' || label.every((v) => Number.isInteger(v)));
      }
    }
  });

  test(`${name}: changes the input, differently with another seed`, (t) => {
    const crop = randomVolume([16, 16, 16], 2);
    const inputs = Array.from({ length: 8 }, (_, seed) =>
      String(createTask(name).make(crop, createRng(seed)).input.data),
    );
    t.is(new Set(inputs).size > 4, name !== 'identity');
  });

  test(`${name}: refuses what is outside 0…1`, (t) => {
    const crop = randomVolume([8, 8, 8]);
    crop.set(0, 0, 0, 2);
    t.throws(() => createTask(name).make(crop, createRng(0)), { code: 'range' });
    const { target } = createTask(name, { range: 'rescale' }).make(crop, createRng(0));
    t.is(Math.max(...target.data), 1);
  });
}

for (const name of taskNames) {
  test(`${name}: says as plain data which labels its batches carry`, async (t) => {
    const shape = [16, 16, 8] as const;
    const kinds = createTask(name).labelKinds([...shape]);
    t.deepEqual(JSON.parse(JSON.stringify(kinds)), kinds);
    const crops = Array.from({ length: 12 }, (_, i) => randomVolume(shape, i));
    const pool = createBatchPool({
      task: { name },
      shape,
      batchSize: 6,
      workers: 0,
      seed: 4,
      crops: ({ index }) => crops[index],
    });
    const seen: Record<string, Set<number>> = {};
    for await (const { labels = {}, input } of pool.batches({
      epoch: 0,
      indices: crops.map((_, i) => i),
    })) {
      t.deepEqual(Object.keys(labels).sort(), Object.keys(kinds).sort());
      for (const [label, kind] of Object.entries(kinds)) {
        const found = labels[label];
        t.deepEqual(found.shape, kind.kind === 'class' ? [6] : [6, kind.length]);
        seen[label] ??= new Set();
        for (const v of found.data) seen[label].add(v);
        if (kind.kind !== 'patch-mask' && kind.kind !== 'box') {
          t.throws(() => batchMask(kind, found, shape), { code: 'factors' });
          continue;
        }
        // Both tasks hide with 0, which no voxel of these crops is.
        const mask = batchMask(kind, found, shape);
        t.deepEqual(mask.shape, input.shape);
        mask.data.forEach((hidden, i) => {
          if ((hidden === 1) !== (input.data[i] === 0)) t.fail();
        });
      }
    }
    for (const [label, kind] of Object.entries(kinds)) {
      const limit = kind.kind === 'class' ? kind.classes : kind.kind === 'box' ? 17 : 2;
      t.true([...seen[label]].every((v) => v >= 0 && v < limit));
    }
    t.pass();
  });
}

test('the number of rotations is that of the shape', (t) => {
  const classes = (shape: number[]) => createTask('rotation').labelKinds(shape).rotation;
  t.deepEqual(classes([8, 8, 8]), { kind: 'class', classes: 10 });
  t.deepEqual(classes([16, 16, 8]), { kind: 'class', classes: 6 });
  t.deepEqual(createTask('rubiks-cube', { permutations: 7 }).labelKinds([8, 8, 8]), {
    permutation: { kind: 'class', classes: 7 },
    horizontal: { kind: 'flags', length: 8 },
    vertical: { kind: 'flags', length: 8 },
  });
});

test('an unknown task is refused with the known names', (t) => {
  const error = t.throws(() => createTask('colour' as 'jigsaw'), { instanceOf: TransformsError });
  t.is(error.code, 'unknown-task');
  t.regex(error.message, /jigsaw/);
  t.throws(() => createTask('toString' as 'jigsaw'), { code: 'unknown-task' });
});

test('denoising adds noise of the given deviation', (t) => {
  const crop = randomVolume([32, 32, 32]);
  crop.data.fill(0.5);
  const { input } = denoising({ sigma: [0.05, 0.05] }).make(crop, createRng(0));
  const n = input.size;
  const mean = input.data.reduce((a, b) => a + b, 0) / n;
  const variance = input.data.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
  t.true(Math.abs(mean - 0.5) < (3.3 * 0.05) / Math.sqrt(n));
  t.true(Math.abs(Math.sqrt(variance) - 0.05) < (3.3 * 0.05) / Math.sqrt(2 * n));
});

/** A million normal numbers: what de-noising adds to a constant crop, far from where it cuts. */
function noiseOf(seeds: number, shape: [number, number, number]): Float64Array {
  const sigma = 0.05;
  const crop = randomVolume(shape);
  crop.data.fill(0.5);
  const task = denoising({ sigma: [sigma, sigma] });
  const all = new Float64Array(seeds * crop.size);
  for (let seed = 0; seed < seeds; seed++) {
    const { input } = task.make(crop, createRng(11, seed));
    all.set(
      Float64Array.from(input.data, (v) => (v - 0.5) / sigma),
      seed * crop.size,
    );
  }
  return all;
}

/** Probability that a standard normal number is below z (Abramowitz & Stegun 26.2.17, 7.5e-8). */
function normalBelow(z: number): number {
  const k = 1 / (1 + 0.2316419 * Math.abs(z));
  const coefficients = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const sum = coefficients.reduce((total, c) => (total + c) * k, 0);
  const above = (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * sum;
  return z > 0 ? 1 - above : above;
}

test('the noise of denoising is normal: Kolmogorov–Smirnov, moments and tails', (t) => {
  const noise = noiseOf(8, [64, 64, 32]).sort();
  const n = noise.length;
  let distance = 0;
  noise.forEach((z, i) => {
    const p = normalBelow(z);
    distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
  });
  // 1.95 / √n has p = 0.001.
  t.true(distance < 1.95 / Math.sqrt(n), `distance ${distance}`);
  const moment = (k: number): number => noise.reduce((sum, z) => sum + z ** k, 0) / n;
  // Of normal numbers the sample moments deviate by √(1/n), √(2/n), √(15/n) and √(96/n).
  t.true(Math.abs(moment(1)) < 3.3 / Math.sqrt(n));
  t.true(Math.abs(moment(2) - 1) < 3.3 * Math.sqrt(2 / n));
  t.true(Math.abs(moment(3)) < 3.3 * Math.sqrt(15 / n));
  t.true(Math.abs(moment(4) - 3) < 3.3 * Math.sqrt(96 / n));
  for (const [z, above] of [
    [3, 1.3498980316e-3],
    [4, 3.1671241833e-5],
  ]) {
    for (const side of [1, -1]) {
      const count = noise.filter((v) => side * v > z).length;
      t.true(Math.abs(count - n * above) < 3.3 * Math.sqrt(n * above), `${side * z}: ${count}`);
    }
  }
});

test('neighbours in the noise of denoising are independent, also their squares', (t) => {
  const noise = noiseOf(4, [64, 64, 32]);
  const n = noise.length;
  // Of eight values in a row, 0 and 4 share a radius and an angle; four generators alternate.
  for (let lag = 1; lag <= 8; lag++) {
    let product = 0;
    let squares = 0;
    for (let i = lag; i < n; i++) {
      product += noise[i] * noise[i - lag];
      squares += (noise[i] ** 2 - 1) * (noise[i - lag] ** 2 - 1);
    }
    t.true(Math.abs(product) < 4 * Math.sqrt(n), `lag ${lag}: ${product / n}`);
    t.true(Math.abs(squares) < 4 * 2 * Math.sqrt(n), `squares, lag ${lag}: ${squares / n}`);
  }
  for (let place = 0; place < 8; place++) {
    let sum = 0;
    let squares = 0;
    for (let i = place; i < n; i += 8) {
      sum += noise[i];
      squares += noise[i] ** 2;
    }
    t.true(Math.abs(sum) < 3.6 * Math.sqrt(n / 8));
    t.true(Math.abs(squares - n / 8) < 3.6 * Math.sqrt(n / 4));
  }
});

test('single in-painting hides one box, which the label names', (t) => {
  const crop = randomVolume([20, 16, 12], 3);
  crop.data.forEach((v, i) => {
    crop.data[i] = 0.1 + 0.8 * v;
  });
  const { input, labels } = singleInPainting({ place: 'center' }).make(crop, createRng(0));
  const [x, y, z, sx, sy, sz] = (labels as { box: number[] }).box;
  t.is(x, Math.floor((20 - sx) / 2));
  let hidden = 0;
  for (let i = 0; i < 20; i++)
    for (let j = 0; j < 16; j++)
      for (let k = 0; k < 12; k++) {
        const inside = i >= x && i < x + sx && j >= y && j < y + sy && k >= z && k < z + sz;
        t.is(input.get(i, j, k), inside ? 0 : crop.get(i, j, k));
        if (inside) hidden++;
      }
  t.is(hidden, sx * sy * sz);
});

test('permutations of the set are different, far apart and always the same', (t) => {
  const set = permutationSet(8, 100);
  t.is(new Set(set.map(String)).size, 100);
  for (const order of set) t.deepEqual([...order].sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
  t.deepEqual(permutationSet(3, 6).length, 6);
  t.throws(() => permutationSet(3, 7), { code: 'option' });
});

test('jigsaw puts block order[j] at place j', (t) => {
  const crop = randomVolume([5, 4, 4], 4);
  const task = jigsaw({ permutations: 10 });
  const { input, labels, factors } = task.make(crop, createRng(3));
  const { order, permutation } = factors;
  t.is(labels?.permutation, permutation);
  t.deepEqual(order, permutationSet(8, 10)[permutation]);
  for (const [place, source] of order.entries()) {
    const at = (block: number) => [(block >> 2) * 2, ((block >> 1) & 1) * 2, (block & 1) * 2];
    const [a, b] = [at(place), at(source)];
    t.is(input.get(a[0] + 1, a[1], a[2] + 1), crop.get(b[0] + 1, b[1], b[2] + 1));
  }
  // The fifth layer belongs to no block.
  t.is(input.get(4, 3, 2), crop.get(4, 3, 2));
  t.throws(() => jigsaw({ grid: [9, 1, 1], permutations: 5 }).make(crop, createRng(0)), {
    code: 'shape',
  });
});

test('patch shuffling swaps what it says, in order', (t) => {
  const crop = randomVolume([8, 8, 8], 5);
  const task = patchShuffling();
  const factors = {
    patch: [2, 2, 2] as const,
    swaps: [[[0, 0, 0] as const, [4, 4, 4] as const] as const],
  };
  const { input } = task.apply(crop, factors);
  t.is(input.get(0, 1, 0), crop.get(4, 5, 4));
  t.is(input.get(4, 5, 4), crop.get(0, 1, 0));
  t.is(input.get(3, 3, 3), crop.get(3, 3, 3));
  for (const [a, b] of task.draw(createRng(0), crop.shape).swaps) {
    t.true(a.some((v, axis) => Math.abs(v - b[axis]) >= 4));
  }
  const single = randomVolume([1, 1, 1]);
  t.deepEqual(task.make(single, createRng(0)).input.data, single.data);
});

test('Rubik’s cube: a half turn about z reverses x and y, about x reverses y and z', (t) => {
  const crop = randomVolume([4, 4, 4], 6);
  const none = [0, 0, 0, 0, 0, 0, 0, 0];
  const factors = {
    grid: [2, 2, 2] as const,
    permutation: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7],
    horizontal: [1, 0, 0, 0, 0, 0, 0, 0],
    vertical: none,
  };
  const a = rubiksCube().apply(crop, factors).input;
  t.is(a.get(0, 0, 0), crop.get(1, 1, 0));
  t.is(a.get(1, 0, 1), crop.get(0, 1, 1));
  t.is(a.get(2, 0, 0), crop.get(2, 0, 0));
  const b = rubiksCube().apply(crop, { ...factors, vertical: factors.horizontal }).input;
  t.is(b.get(0, 0, 0), crop.get(1, 0, 1));
  t.throws(() => rubiksCube().apply(crop, { ...factors, order: none }), { code: 'factors' });
});

test('rotations: ten classes of a cube, six of a flat crop, four quarters make a whole', (t) => {
  t.is(rotationClasses([8, 8, 8]).length, 10);
  t.is(rotationClasses([64, 64, 32]).length, 6);
  const crop = randomVolume([6, 6, 6], 7);
  for (const axis of [0, 1, 2] as const) {
    const quarter = { axis, quarterTurns: 1, class: 0 } as const;
    let volume = crop;
    const seen = new Set<string>();
    for (let turn = 0; turn < 4; turn++) {
      volume = rotation().apply(volume, quarter).input;
      seen.add(String(volume.data));
    }
    t.is(seen.size, 4);
    t.deepEqual(volume.data, crop.data);
    const half: Rotation = { axis, quarterTurns: 2 };
    const twice = rotation().apply(rotation().apply(crop, quarter).input, quarter).input;
    t.deepEqual(rotation().apply(crop, { ...half, class: 0 }).input.data, twice.data);
    const back = rotation().apply(twice, { axis, quarterTurns: 3, class: 0 }).input;
    t.deepEqual(back.data, rotation().apply(crop, quarter).input.data);
  }
  // About z, from x towards y: what was at +x comes to +y.
  const turned = rotation().apply(crop, { axis: 2, quarterTurns: 1, class: 0 }).input;
  t.is(turned.get(2, 5, 3), crop.get(5, 3, 3));
  t.throws(
    () => rotation().apply(randomVolume([6, 6, 3]), { axis: 0, quarterTurns: 1, class: 0 }),
    { code: 'factors' },
  );
});

for (const layout of ['blocks', 'patches'] as const) {
  test(`masked auto-encoding hides exactly the ratio (${layout})`, (t) => {
    const task = maskedAutoencoding({ layout, patch: [4, 4, 4], ratio: 0.6, fill: 0.25 });
    const crop = randomVolume([16, 16, 10], 8);
    for (let seed = 0; seed < 10; seed++) {
      const { input, labels } = task.make(crop, createRng(seed));
      const { mask } = labels as { mask: number[] };
      t.is(mask.length, 4 * 4 * 3);
      t.is(
        mask.reduce((a, b) => a + b, 0),
        Math.round(0.6 * 48),
      );
      const voxels = patchMaskToVoxels(mask, [4, 4, 4], [16, 16, 10]);
      input.data.forEach((v, i) => {
        if (v !== (voxels.data[i] === 1 ? 0.25 : crop.data[i])) t.fail();
      });
    }
  });
}

test('blocks are more compact than patches', (t) => {
  const neighbors = (layout: 'blocks' | 'patches'): number => {
    const task = maskedAutoencoding({ layout, patch: [4, 4, 4], ratio: 0.4 });
    let pairs = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { mask } = task.draw(createRng(seed), [32, 32, 32]);
      mask.forEach((m, i) => {
        if (i % 8 !== 7 && m === 1 && mask[i + 1] === 1) pairs++;
      });
    }
    return pairs;
  };
  t.true(neighbors('blocks') > 1.3 * neighbors('patches'));
});
