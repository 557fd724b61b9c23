// Files that are read in many pieces: larger than the fixtures.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createVolume,
  encodeVolume,
  type ReadVolumeOpts,
  readVolume,
  type Vec3,
  type VolumeSource,
} from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';

const SHAPE: Vec3 = [211, 107, 101];
const values = Int16Array.from({ length: 211 * 107 * 101 }, (_, n) => (n * 7919) % 65536);

async function gives(
  t: ExecutionContext,
  source: VolumeSource,
  dtype: ReadVolumeOpts['dtype'],
  expected: ArrayLike<number>,
): Promise<void> {
  const { data } = await readVolume(source, { ...(dtype && { dtype }), name: 'large' });
  const found = data.data;
  t.is(found.length, expected.length);
  const wrong = found.findIndex((v, n) => v !== expected[n]);
  t.is(wrong, -1, `${dtype}: voxel ${wrong} is ${found[wrong]}, not ${expected[wrong]}`);
}

test('voxels widened in place are those of the file, in every piece', async (t) => {
  const bytes = await encodeVolume(createVolume(values, { shape: SHAPE }), 'nifti1');
  const folder = await mkdtemp(join(tmpdir(), 'genesis-large-'));
  try {
    const path = join(folder, 'large.nii');
    await writeFile(path, bytes);
    for (const source of [path, bytes, new Blob([bytes])]) {
      for (const dtype of ['native', 'int32', 'float32', 'float64'] as const) {
        await gives(t, source, dtype, values);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an element of one byte becomes one of four; the other byte order is turned', async (t) => {
  const small = Uint8Array.from(values);
  const narrow = await encodeVolume(createVolume(small, { shape: SHAPE }), 'nifti1');
  await gives(t, narrow, 'float32', small);

  const text = `{'descr': '>i2', 'fortran_order': True, 'shape': (${SHAPE}), }`.padEnd(117);
  const big = new Uint8Array(128 + values.byteLength);
  big.set(Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text}\n`, 'latin1'));
  const view = new DataView(big.buffer);
  values.forEach((v, n) => {
    view.setInt16(128 + 2 * n, v, false);
  });
  await gives(t, big, 'native', values);
  await gives(t, big, 'float32', values);
});
