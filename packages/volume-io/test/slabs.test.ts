import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { tempFolder } from '@genesis/testing';
import {
  createVolume,
  encodeVolume,
  openVolume,
  type ReadVolumeOpts,
  type VolumeHandle,
  type VolumeIoError,
  writeVolume,
} from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';
import { everyFormat } from './every-format.js';

async function gather(handle: VolumeHandle, opts: ReadVolumeOpts): Promise<number[]> {
  const { dtype, volumeIndex, component } = opts;
  const all: number[] = [];
  const choice = { dtype, volumeIndex, component: component as number };
  for await (const slab of handle.slabs(choice)) for (const value of slab) all.push(Number(value));
  return all;
}

for (const { name, source, opts } of everyFormat) {
  test(`slabs are the voxels in file order: ${name}`, async (t) => {
    const { series } = opts;
    const handle = await openVolume(source, { series });
    const whole = await handle.read(opts);
    if (opts.component === 'luminance') {
      await t.throwsAsync(gather(handle, opts), { code: 'bad-argument' });
    } else {
      t.deepEqual(await gather(handle, opts), Array.from(whole.data.data, Number));
      t.deepEqual(await gather(handle, opts), Array.from(whole.data.data, Number), 'again');
    }
    await handle.close();
    await t.throwsAsync(gather(handle, opts), { code: 'bad-argument', message: /closed/ });
  });
}

test('slabs of a volume larger than one, in every byte order and compression', async (t) => {
  const folder = await tempFolder(t);
  const values = new Int16Array(160 * 130 * 120).map((_, n) => (n * 7919) % 30011);
  const volume = createVolume(ndarray(values, [160, 130, 120], [1, 160, 160 * 130]));
  for (const extension of ['nii', 'nii.gz', 'nrrd', 'mha', 'npy']) {
    const path = join(folder, `v.${extension}`);
    await writeVolume(path, volume);
    const handle = await openVolume(path);
    const { data } = await handle.read();
    let [at, count, equal] = [0, 0, true];
    for await (const slab of handle.slabs()) {
      count++;
      for (const value of slab) equal &&= value === data.data[at++];
    }
    t.true(equal, extension);
    t.is(at, values.length, extension);
    t.true(count > 1, extension);
    // Whoever has seen enough stops.
    for await (const slab of handle.slabs({ dtype: 'float64' })) {
      t.is(slab[5], data.data[5]);
      break;
    }
    await handle.close();
  }
});

test('slabs tell what was found, and what is wrong when they come to it', async (t) => {
  const folder = await tempFolder(t);
  const values = new Uint8Array(8 ** 3).map((_, n) => n % 251);
  const bytes = await encodeVolume(createVolume(values, { shape: [8, 8, 8] }), 'nifti1');
  const packed = await promisify(gzip)(bytes);
  const path = join(folder, 'v.nii.gz');
  await writeFile(path, Buffer.concat([packed, Buffer.from('\n')]));
  const handle = await openVolume(path);
  const notes: string[] = [];
  for await (const slab of handle.slabs({ onNote: (note) => notes.push(note) })) {
    t.is(slab.length, 512);
  }
  t.deepEqual(notes, ['1 byte after the end of the compressed data was passed over.']);
  await handle.close();

  await writeFile(path, packed.subarray(0, packed.length - 200));
  const cut = await openVolume(path);
  const error = await t.throwsAsync<VolumeIoError>(gather(cut, {}));
  t.true(['truncated', 'corrupt'].includes(error?.code ?? ''), error?.message);
  t.is(error?.file, path);
  await cut.close();
});
