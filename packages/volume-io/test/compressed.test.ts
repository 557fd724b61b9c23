import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import {
  createVolume,
  encodeVolume,
  readHeader,
  readRegion,
  readVolume,
  type Volume,
  VolumeIoError,
} from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';
import { inflateLeniently } from '#src/bytes/inflate-leniently.js';

/** Noise, so that the packed bytes are many. */
const voxels = Int16Array.from({ length: 30 * 20 * 50 }, (_, n) => (n * 7919 * (n % 13)) % 1000);
const volume = createVolume(voxels, { shape: [30, 20, 50], spacing: [1, 2, 3] });

/** What may stand behind a file: a newline, padding of tapes, other text, more than is read at a time. */
const TAILS: Record<string, Uint8Array> = {
  'a newline': Uint8Array.of(10),
  'three bytes': Uint8Array.of(1, 2, 3),
  zeros: new Uint8Array(512),
  text: new TextEncoder().encode('text after the stream'),
  'the start of a magic number': Uint8Array.of(0x1f, 0x8b),
  'many bytes': Uint8Array.from({ length: 100_000 }, (_, n) => (n * 31) & 255),
};

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function same(t: ExecutionContext, read: Volume, note: string | undefined, about: string): void {
  t.true(
    read.data.data.every((v, n) => v === voxels[n]),
    about,
  );
  const notes = read.header.notes.filter((one) => one.includes('compressed data'));
  t.deepEqual(notes, note === undefined ? [] : [note], about);
}

function passedOver(count: number): string {
  return `${count} ${count === 1 ? 'byte' : 'bytes'} after the end of the compressed data ${count === 1 ? 'was' : 'were'} passed over.`;
}

test('bytes after compressed data are passed over, with a note, in every format', async (t) => {
  const packed = {
    'a.nii.gz': await encodeVolume(volume, 'nifti1', { compress: true }),
    'a.nrrd': await encodeVolume(volume, 'nrrd', { compress: true }),
    'a.mha': await encodeVolume(volume, 'metaimage', { compress: true }),
    'a.mha.gz': new Uint8Array(gzipSync(await encodeVolume(volume, 'metaimage'))),
    'a.npy.gz': new Uint8Array(gzipSync(await encodeVolume(volume, 'npy'))),
  };
  for (const [name, bytes] of Object.entries(packed)) {
    same(t, await readVolume(bytes, { name }), undefined, name);
    for (const [what, tail] of Object.entries(TAILS)) {
      const more = join(bytes, tail);
      same(t, await readVolume(more, { name }), passedOver(tail.length), `${name}, ${what}`);
      t.deepEqual((await readHeader(more, { name })).shape, [30, 20, 50]);
      const part = await readRegion(more, { start: [3, 4, 5], size: [7, 6, 5] }, { name });
      t.is(part.data.get(2, 1, 3), volume.data.get(5, 5, 8));
    }
  }
});

test('gzip of several members, with and without bytes after them', async (t) => {
  const whole = await encodeVolume(volume, 'nifti1');
  for (const size of [100, 20_000, 33_000]) {
    const members: Uint8Array[] = [];
    for (let at = 0; at < whole.length; at += size) {
      members.push(new Uint8Array(gzipSync(whole.subarray(at, at + size))));
    }
    const bytes = join(...members);
    same(t, await readVolume(bytes, { name: 'a.nii.gz' }), undefined, `${size}`);
    for (const [what, tail] of Object.entries(TAILS)) {
      const read = await readVolume(join(bytes, tail), { name: 'a.nii.gz' });
      same(t, read, passedOver(tail.length), `${size}, ${what}`);
    }
  }
});

test('what is damaged or cut short is still refused when bytes follow', async (t) => {
  const whole = await encodeVolume(volume, 'nifti1');
  const middle = 30_000;
  const [first, second] = [whole.subarray(0, middle), whole.subarray(middle)].map(
    (part) => new Uint8Array(gzipSync(part)),
  );
  const refused = async (bytes: Uint8Array, about: string): Promise<void> => {
    const error = await t.throwsAsync(
      readVolume(bytes, { name: 'a.nii.gz' }),
      { instanceOf: VolumeIoError },
      about,
    );
    t.regex(error?.code ?? '', /^(corrupt|truncated)$/, about);
  };
  for (const tail of [new Uint8Array(0), ...Object.values(TAILS)]) {
    for (const at of [first.length - 6, first.length + 200, first.length + second.length - 2]) {
      const bytes = join(first, second, tail);
      bytes[at] = bytes[at] ^ 1;
      await refused(bytes, `byte ${at} and ${tail.length} more`);
    }
    for (const cut of [5, 8, 500]) {
      await refused(join(first, second.subarray(0, -cut), tail), `${cut} and ${tail.length} more`);
    }
  }
});

/** Chunks of the given size. */
async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('the decoder for browsers finds the end of a stream wherever pieces are cut', async (t) => {
  const noise = new Uint8Array(volume.data.data.buffer);
  const content = {
    noise,
    zeros: new Uint8Array(200_000),
    little: noise.slice(0, 5),
  };
  for (const [what, bytes] of Object.entries(content)) {
    const packed = {
      gzip: new Uint8Array(gzipSync(bytes)),
      zlib: new Uint8Array(deflateSync(bytes)),
    };
    for (const packing of ['gzip', 'zlib'] as const) {
      for (const tail of [new Uint8Array(0), ...Object.values(TAILS)]) {
        for (const size of [1 << 20, 16_384, 1000, packed[packing].length]) {
          const all = join(packed[packing], tail);
          let taken = -1;
          const out: Uint8Array[] = [];
          const stream = inflateLeniently(packing, inChunks(all, size), (n) => {
            taken = n;
          });
          for await (const part of stream) out.push(part);
          const about = `${what}, ${packing}, ${tail.length} bytes after, pieces of ${size}`;
          t.is(taken, packed[packing].length, about);
          t.true(Buffer.concat(out).equals(bytes), about);
        }
      }
    }
  }
});

/** Files by Python's bz2 and gzip: voxels −30 … 29, some with bytes or a great many zeros around them. */
const packed: Record<string, string> = JSON.parse(
  readFileSync(new URL('../../test/fixtures/compressed.json', import.meta.url), 'utf8'),
);

/** Bytes of the largest array that is made while `work` goes on. */
async function largestArray(work: () => Promise<unknown>): Promise<number> {
  const original = globalThis.Uint8Array;
  let largest = 0;
  globalThis.Uint8Array = new Proxy(original, {
    construct(target, args, newTarget) {
      if (typeof args[0] === 'number') largest = Math.max(largest, args[0]);
      return Reflect.construct(target, args, newTarget);
    },
  });
  try {
    await work();
  } finally {
    globalThis.Uint8Array = original;
  }
  return largest;
}

for (const [name, text] of Object.entries(packed)) {
  test.serial(`${name}: its voxels, and no more memory than they are worth`, async (t) => {
    const bytes = new Uint8Array(Buffer.from(text, 'base64'));
    const largest = await largestArray(async () => {
      const read = await readVolume(bytes, { name });
      t.deepEqual(
        [...read.data.data],
        Array.from({ length: 60 }, (_, n) => n - 30),
      );
      // An archive is read from its end, and what follows is a comment to it.
      const isText = /trailing|extra/.test(name) && !name.endsWith('.npz');
      const tail = name === 'trailing-byte.nrrd' ? 1 : isText ? 22 : 0;
      const notes = read.header.notes.filter((one) => one.includes('compressed data'));
      t.deepEqual(notes, tail === 0 ? [] : [passedOver(tail)]);
    });
    t.true(largest < 8 << 20, `${largest} bytes`);
  });
}

test('bzip2 that is damaged or cut short is refused', async (t) => {
  for (const name of ['streams.nrrd', 'trailing.npy.bz2']) {
    const good = new Uint8Array(Buffer.from(packed[name], 'base64'));
    const start = Buffer.from(good).indexOf('BZh');
    const end = name === 'streams.nrrd' ? good.length : good.length - 22;
    let harmless = 0;
    for (let at = start; at < end; at++) {
      const bytes = good.slice();
      bytes[at] = bytes[at] ^ 0x10;
      try {
        // A bit that fills up the last byte of a stream means nothing.
        const read = await readVolume(bytes, { name });
        t.deepEqual(
          [...read.data.data],
          Array.from({ length: 60 }, (_, n) => n - 30),
        );
        harmless++;
      } catch (error) {
        t.true(error instanceof VolumeIoError, String(error));
      }
    }
    // Tables that no group uses, too.
    t.true(harmless < (end - start) / 10, `${harmless} flipped bits were not found`);
    for (let length = start; length < end; length++) {
      await t.throwsAsync(readVolume(good.slice(0, length), { name }), {
        instanceOf: VolumeIoError,
      });
    }
  }
});
