import { createHash } from 'node:crypto';
import {
  applyAffine,
  chestPhantom,
  phantomLabelNames,
  phantomLabels,
  VolumeIoError,
} from '@genesis/volume-io';
import test from 'ava';

const hash = (data: Int16Array | Uint8Array): string =>
  createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex').slice(0, 16);

const { image, labels, labelNames, nodules } = chestPhantom({
  seed: 0,
  nodules: 3,
  noise: 0,
  contrast: false,
});

/** Mean HU of a label, and its number of voxels. */
function tissue(label: number): { mean: number; count: number } {
  let sum = 0;
  let count = 0;
  for (let n = 0; n < labels.data.size; n++) {
    if (labels.data.data[n] !== label) continue;
    sum += image.data.data[n];
    count++;
  }
  return { mean: sum / count, count };
}

test('the bytes of a seed are fixed', (t) => {
  const { image, labels } = chestPhantom({ seed: 0, shape: [64, 64, 48] });
  // A change here is a change of every phantom, and of the fixtures made from them.
  t.is(hash(image.data.data), '6b5286117f5a4de4');
  t.is(hash(labels.data.data), '75b6255b91518aee');
});

test('every tissue is there, with its Hounsfield units', (t) => {
  const expected: [keyof typeof phantomLabels, number, number][] = [
    ['background', -1000, -970],
    ['leftLung', -900, -780],
    ['rightLung', -900, -780],
    ['airway', -1000, -750],
    ['heart', 30, 60],
    ['aorta', 15, 60],
    ['ribs', 200, 650],
    ['spine', 100, 450],
    ['shoulderGirdle', 150, 600],
    ['liver', 45, 70],
    ['pulmonaryVessels', -400, 60],
    ['nodule', -600, 600],
  ];
  for (const [name, low, high] of expected) {
    const { mean, count } = tissue(phantomLabels[name]);
    t.true(count > 20, `${name}: ${count} voxels`);
    t.true(mean >= low && mean <= high, `${name}: ${mean} HU`);
  }
  t.is(labelNames, phantomLabelNames);
  t.is(
    labels.data.data.reduce((a, b) => Math.max(a, b), 0),
    phantomLabelNames.length - 1,
  );
});

test('lungs of a size that lungs have', (t) => {
  const litres = (label: number): number =>
    (tissue(label).count * image.spacing[0] * image.spacing[1] * image.spacing[2]) / 1e6;
  const left = litres(phantomLabels.leftLung);
  const right = litres(phantomLabels.rightLung);
  t.true(left > 1 && left < 3.5, `left ${left} l`);
  t.true(right > left && right < 4, `right ${right} l`);
});

test('the heart is on the left, the liver on the right and below, the spine behind', (t) => {
  const center = (label: number): number[] => {
    const sum = [0, 0, 0];
    let count = 0;
    const [nx, ny, nz] = labels.data.shape as [number, number, number];
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++) {
          if (labels.data.get(i, j, k) !== label) continue;
          const p = applyAffine(labels.affine, [i, j, k]);
          for (let d = 0; d < 3; d++) sum[d] += p[d];
          count++;
        }
      }
    }
    return sum.map((s) => s / count);
  };
  const heart = center(phantomLabels.heart);
  t.true(heart[0] < -5);
  t.true(center(phantomLabels.liver)[0] > 20);
  t.true(center(phantomLabels.liver)[2] < heart[2] - 30);
  t.true(center(phantomLabels.spine)[1] < heart[1] - 60);
  t.true(center(phantomLabels.leftLung)[0] < -40);
  t.true(center(phantomLabels.rightLung)[0] > 40);
});

test('nodules are where they are said to be; asking for none leaves the rest of the patient alone', (t) => {
  t.is(nodules.length, 3);
  for (const nodule of nodules) {
    const voxel = nodule.center.map((x, d) =>
      Math.round((x - image.affine[d * 4 + 3]) / image.spacing[d]),
    );
    t.is(labels.data.get(...(voxel as [number, number, number])), phantomLabels.nodule);
  }
  const without = chestPhantom({ seed: 0, nodules: 0, noise: 0, contrast: false });
  t.deepEqual(without.nodules, []);
  let changed = 0;
  for (let n = 0; n < labels.data.size; n++) {
    if (
      labels.data.data[n] !== phantomLabels.nodule &&
      labels.data.data[n] !== without.labels.data.data[n]
    )
      changed++;
  }
  t.is(changed, 0);
});

test('seeds are different patients; the same seed is the same patient on another grid', (t) => {
  const shape: [number, number, number] = [48, 48, 36];
  const hashes = new Set(
    [0, 1, 2, -1, 2 ** 40].map((seed) => hash(chestPhantom({ seed, shape }).image.data.data)),
  );
  t.is(hashes.size, 5);
  // Same field of view, half the voxels along each axis: labels agree where tissue is larger than a voxel.
  const coarse = chestPhantom({
    seed: 0,
    shape: [64, 64, 48],
    nodules: 3,
    noise: 0,
    contrast: false,
  });
  let same = 0;
  for (let k = 0; k < 48; k++) {
    for (let j = 0; j < 64; j++) {
      for (let i = 0; i < 64; i++) {
        if (coarse.labels.data.get(i, j, k) === labels.data.get(2 * i, 2 * j, 2 * k)) same++;
      }
    }
  }
  t.true(same / (64 * 64 * 48) > 0.93, `${same / (64 * 64 * 48)}`);
});

test('any shape and spacing; noise as asked for', (t) => {
  const { image } = chestPhantom({ seed: 4, shape: [70, 33, 17], spacing: [5, 9, 12.5], noise: 0 });
  t.deepEqual(image.data.shape, [70, 33, 17]);
  t.deepEqual(image.spacing, [5, 9, 12.5]);
  t.is(image.orientation, 'RAS');
  t.is(chestPhantom({ seed: 4, shape: [1, 1, 1] }).image.data.size, 1);
  const clean = chestPhantom({ seed: 1, shape: [64, 64, 12], noise: 0 }).image.data.data;
  const noisy = chestPhantom({ seed: 1, shape: [64, 64, 12], noise: 25 }).image.data.data;
  let squares = 0;
  let count = 0;
  for (let n = 0; n < clean.length; n++) {
    if (clean[n] < -500) continue;
    squares += (noisy[n] - clean[n]) ** 2;
    count++;
  }
  t.true(Math.abs(Math.sqrt(squares / count) - 25) < 1, `${Math.sqrt(squares / count)}`);
});

test('nonsense is refused', (t) => {
  const refused = { instanceOf: VolumeIoError, code: 'bad-argument' };
  t.throws(() => chestPhantom({ seed: 0.5 }), {
    ...refused,
    message: /seed must be an integer, not 0.5/,
  });
  t.throws(() => chestPhantom({ seed: 0, shape: [0, 4, 4] }), refused);
  t.throws(() => chestPhantom({ seed: 0, spacing: [1, 1, -1] }), refused);
  t.throws(() => chestPhantom({ seed: 0, nodules: -1 }), refused);
  t.throws(() => chestPhantom({ seed: 0, noise: Number.NaN }), refused);
});
