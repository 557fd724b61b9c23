import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRng } from '@genesis/core';
import { tempFolder } from '@genesis/testing';
import { createVolume, writeVolume } from '@genesis/volume-io';
import test from 'ava';
import { CropShelf } from '#src/data/crop-shelf.js';
import { type DatasetItem, listDataset } from '#src/data/dataset.js';
import { createCropSource } from '#src/tasks/pretrain/crop-source.js';
import { truncate } from '../helpers/volumes.js';

const VOLUMES = 11;
const SIDES = [20, 18, 16] as const;

async function volumesIn(folder: string): Promise<readonly DatasetItem[]> {
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < VOLUMES; n++) {
    const rng = createRng(n);
    const data = Float32Array.from({ length: SIDES[0] * SIDES[1] * SIDES[2] }, () => rng.uniform());
    await writeVolume(join(folder, `v${n}.nii`), createVolume(data, { shape: [...SIDES] }));
  }
  return (await listDataset(folder, { role: 'image' })).items;
}

/** A source over the items, and how often they were read so far. */
function sourceOf(items: readonly DatasetItem[], cacheBytes: number) {
  let reads = 0;
  const counted = items.map((item) => ({
    ...item,
    open: () => {
      reads++;
      return item.open();
    },
  }));
  const source = createCropSource({
    items: counted,
    preparation: { orientation: 'RAS', normalization: 'percentile', nonFinite: 'error' },
    crop: [8, 8, 4],
    cropsPerVolume: 6,
    rule: 'any',
    seed: 3,
    cacheBytes,
  });
  return { source, reads: () => reads };
}

const BYTES = 8 * SIDES[0] * SIDES[1] * SIDES[2];

test('crops and their places are the same for any cache, asked for one by one or many at a time', async (t) => {
  const items = await volumesIn(await tempFolder(t));
  const { source: whole } = sourceOf(items, VOLUMES * BYTES);
  const count = whole.samplesPerEpoch;
  for (const [cacheBytes, atOnce] of [
    [0, 1],
    [3 * BYTES, 1],
    [3 * BYTES, 7],
    [8 * BYTES, 16],
  ]) {
    const { source } = sourceOf(items, cacheBytes);
    for (const epoch of [0, 1]) {
      for (let first = 0; first < count; first += atOnce) {
        const indices = Array.from(
          { length: Math.min(atOnce, count - first) },
          (_, n) => first + n,
        );
        const crops = await Promise.all(indices.map((index) => source.get({ epoch, index })));
        for (const [n, index] of indices.entries()) {
          const wanted = await whole.get({ epoch, index });
          t.deepEqual(crops[n].data, wanted.data);
          const [a, b] = await Promise.all(
            [source, whole].map((one) => one.siteOf({ epoch, index })),
          );
          t.deepEqual(a, b);
        }
      }
    }
  }
});

test('a volume is read once an epoch, though few fit into memory', async (t) => {
  const items = await volumesIn(await tempFolder(t));
  const { source, reads } = sourceOf(items, 5 * BYTES);
  const count = source.samplesPerEpoch;
  for (let index = 0; index < count; index++) await source.get({ epoch: 0, index });
  t.is(reads(), VOLUMES);
  // Asked for again, and begun in the middle as by a resumed run, crops are the same.
  const again = await source.get({ epoch: 0, index: 40 });
  const { source: resumed } = sourceOf(items, 2 * BYTES);
  t.deepEqual((await resumed.get({ epoch: 0, index: 40 })).data, again.data);
});

test('a volume that cannot be read is replaced by the same one whatever fits into memory', async (t) => {
  const folder = await tempFolder(t);
  const items = await volumesIn(folder);
  await truncate(join(folder, 'v4.nii'), 0.5);
  const [{ source: whole }, { source: small }] = [VOLUMES, 2].map((n) =>
    sourceOf(items, n * BYTES),
  );
  for (let index = 0; index < whole.samplesPerEpoch; index++) {
    const [a, b] = [await whole.get({ epoch: 0, index }), await small.get({ epoch: 0, index })];
    t.deepEqual(a.data, b.data);
  }
});

test('one volume is read at a time, the next ahead of its need, and no more lies ready than may', async (t) => {
  const samples = Array.from({ length: 24 }, (_, n) => ({
    volume: n % 6,
    crop: Math.floor(n / 6),
  }));
  const log: string[] = [];
  let running = 0;
  const shelf = new CropShelf({
    samples,
    perRead: 2,
    most: 8,
    cut: async (volume, crops) => {
      t.is(++running, 1);
      log.push(`${volume}: ${crops.join()}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return crops.map((crop) => `${volume}/${crop}`);
    },
  });
  t.is(await shelf.take(0), '0/0');
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.deepEqual(log, ['0: 0,1', '1: 0,1'], 'the second before it was asked for');
  for (let n = 1; n < 24; n++) t.is(await shelf.take(n), `${n % 6}/${Math.floor(n / 6)}`);
  t.true(log.length <= 20, log.join(' '));
});

test('what is wrong with a volume is told to who needs it', async (t) => {
  const shelf = new CropShelf<string>({
    samples: [
      { volume: 0, crop: 0 },
      { volume: 1, crop: 0 },
    ],
    perRead: 1,
    most: 4,
    cut: async (volume) => {
      if (volume === 1) throw new Error('broken');
      return ['fine'];
    },
  });
  t.is(await shelf.take(0), 'fine');
  await t.throwsAsync(shelf.take(1), { message: 'broken' });
});
