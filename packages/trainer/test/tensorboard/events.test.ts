import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { pretrain } from '@genesis/trainer';
import test from 'ava';
import { crc32c } from '#src/tensorboard/crc32c.js';
import type { Event } from '#src/tensorboard/event.js';
import { createEventFile } from '#src/tensorboard/event-file.js';
import { histogram } from '#src/tensorboard/histogram.js';
import { pictures } from '#src/tensorboard/pictures.js';
import { writePhantoms } from '../helpers/volumes.js';

const FIXTURES = new URL('../../../test/tensorboard/fixtures/', import.meta.url);
const fixture = (name: string): Promise<Buffer> => readFile(new URL(name, FIXTURES));

/** Enough of a PNG: nobody looks into it. */
const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

const [picture] = pictures({
  title: '',
  lead: '',
  cards: [],
  sections: [
    {
      title: 'Crops',
      blocks: [
        {
          kind: 'samples',
          samples: [
            {
              title: 'a',
              note: '',
              columns: ['one', 'two'],
              rows: [
                {
                  name: 'axial',
                  slices: [
                    { pixels: Uint8Array.of(0, 50, 100, 150, 200, 250), width: 3, height: 2 },
                    { pixels: Uint8Array.of(255, 0, 0, 0, 255, 0), width: 1, height: 2 },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
});

/** What the files of the fixtures hold, the second of a run that went on from its second step. */
const FILES: Readonly<Record<string, readonly Event[]>> = {
  first: [
    ...[1, 2, 3].map(
      (step): Event => ({
        kind: 'summary',
        step,
        values: [{ tag: 'loss/training', scalar: 1 / step }],
      }),
    ),
    {
      kind: 'summary',
      step: 2,
      values: [
        { tag: 'weights/k', histogram: histogram(Float32Array.of(-1, 0, 0, 0.5, 2)) as never },
        { tag: 'Crops/1 a', image: { png: SIGNATURE, width: 6, height: 2 } },
      ],
    },
  ],
  second: [
    { kind: 'restart', step: 3 },
    { kind: 'summary', step: 3, values: [{ tag: 'loss/training', scalar: 0.25 }] },
  ],
};

/** The bytes of a file whose events are a second apart. */
async function written(folder: string, name: string): Promise<Buffer> {
  let seconds = name === 'first' ? 1_700_000_000 : 1_700_000_100;
  const file = createEventFile(join(folder, name), () => 1000 * seconds++);
  for (const event of FILES[name]) file.add(event);
  await file.flush();
  const [only] = await readdir(join(folder, name));
  return readFile(join(folder, name, only));
}

test('CRC-32C of the check value and of nothing', (t) => {
  t.is(crc32c(new TextEncoder().encode('123456789')), 0xe3069283);
  t.is(crc32c(new Uint8Array(0)), 0);
});

for (const name of Object.keys(FILES)) {
  test(`the ${name} event file is the one that TensorBoard has read`, async (t) => {
    t.deepEqual(await written(await tempFolder(t), name), await fixture(`${name}.events`));
  });
}

test('TensorBoard reads what was written, and what a resumed run takes back is gone', async (t) => {
  const read = JSON.parse((await fixture('events.json')).toString());
  t.deepEqual(
    read.scalars['loss/training'].map(([step, , value]: number[]) => [step, value]),
    [
      [1, 1],
      [2, 0.5],
      [3, 0.25],
    ],
  );
  const [found] = read.histograms['weights/k'];
  t.like(found, { step: 2, min: -1, max: 2, num: 5, sum: 1.5, sumSquares: 5.25 });
  t.is(
    found.counts.reduce((sum: number, count: number) => sum + count, 0),
    5,
  );
  t.deepEqual(read.images['Crops/1 a'], [[2, 6, 2, [137, 80, 78, 71, 13, 10, 26, 10]]]);
});

test('a picture has the slices of a sample side by side', (t) => {
  t.is(picture.tag, 'Crops/1 a');
  const { image } = picture as Extract<typeof picture, { image: unknown }>;
  t.like(image, { width: 6, height: 2 });
  t.deepEqual([...image.png.subarray(0, 8)], [...SIGNATURE]);
  const size = Buffer.from(image.png).subarray(16, 24);
  t.deepEqual([size.readUInt32BE(0), size.readUInt32BE(4)], [6, 2]);
});

test('histograms count every value, also of constants', (t) => {
  const one = histogram(Float32Array.of(3, 3, 3));
  t.deepEqual(one?.limits, [3, 3]);
  t.deepEqual(one?.counts, [0, 3]);
  t.is(histogram(new Float32Array(0)), undefined);
});

test.serial(
  'a run writes event files where it is asked to, one more when it goes on',
  async (t) => {
    const folder = await tempFolder(t);
    await writePhantoms(join(folder, 'in'), 3, [24, 24, 24]);
    const opts = {
      images: join(folder, 'in'),
      crop: [16, 16, 16],
      width: 2,
      levels: 2,
      batch: 2,
      cropsPerVolume: 4,
      validationCrops: 4,
    } as const;
    const run = (out: string, tensorboard: boolean, epochs: number, resume = false) =>
      pretrain({ ...opts, out: join(folder, out), tensorboard, epochs, resume });
    const plain = await run('plain', false, 2);
    t.false((await readdir(join(folder, 'plain'))).includes('tensorboard'));
    await run('told', true, 1);
    const told = await run('told', true, 2, true);
    t.deepEqual(told.best, plain.best, 'the weights do not depend on it');
    const names = await readdir(join(folder, 'told', 'tensorboard'));
    t.is(names.length, 2);
    t.true(names.every((name) => /^events\.out\.tfevents\.\d{13}\..*\.genesis$/.test(name)));
    for (const name of names) {
      const bytes = await readFile(join(folder, 'told', 'tensorboard', name));
      t.true(bytes.includes('loss/validation') && bytes.includes('weights/encoder.0.a'));
      t.true(bytes.includes('Validation crops/1 '));
    }
  },
);
