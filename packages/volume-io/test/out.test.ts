import {
  createVolume,
  encodeVolume,
  readRegion,
  readVolume,
  toOrder,
  type Vec3,
  type Volume,
  type VolumeIoError,
  type VoxelArray,
} from '@genesis/volume-io';
import test from 'ava';
import { everyFormat } from './every-format.js';

const values = (volume: Volume): number[] => Array.from(toOrder(volume, 'F').data.data);

/** An array of the same type and length, full of something else, within a larger buffer. */
function dirty(volume: Volume): VoxelArray {
  const like = volume.data.data;
  const { size } = volume.data;
  const Type = like.constructor as Float64ArrayConstructor;
  const buffer = new ArrayBuffer(16 + (size + 2) * Type.BYTES_PER_ELEMENT);
  return new Type(buffer, 16, size).fill(77);
}

for (const { name, source, opts } of everyFormat) {
  test(`${name}: out receives what a new array would`, async (t) => {
    const fresh = await readVolume(source, opts);
    const out = dirty(fresh);
    const volume = await readVolume(source, { ...opts, out });
    t.is(volume.data.data, out);
    t.deepEqual(values(volume), values(fresh));
    t.deepEqual(volume.affine, fresh.affine);

    const shape = fresh.data.shape as Vec3;
    const start = shape.map((n) => Math.floor(n / 2)) as Vec3;
    const size = shape.map((n, d) => Math.max(1, n - start[d] - 1)) as Vec3;
    const region = { start, size };
    const part = await readRegion(source, region, opts);
    const small = dirty(part);
    const cut = await readRegion(source, region, { ...opts, out: small });
    t.is(cut.data.data, small);
    t.deepEqual(values(cut), values(part));
    t.deepEqual(cut.affine, part.affine);
  });
}

test('out must be as long as the voxels, and of the type that is asked for', async (t) => {
  const bytes = await encodeVolume(
    createVolume(new Int16Array(24), { shape: [2, 3, 4] }),
    'nifti1',
  );
  const long = await t.throwsAsync<VolumeIoError>(readVolume(bytes, { out: new Float32Array(25) }));
  t.is(long?.code, 'bad-argument');
  t.is(long?.message, 'bytes: has 24 voxels, but out has room for 25');
  const region = { start: [0, 0, 0] as Vec3, size: [2, 1, 1] as Vec3 };
  const short = await t.throwsAsync<VolumeIoError>(
    readRegion(bytes, region, { out: new Int16Array(1) }),
  );
  t.is(short?.message, 'bytes: has 2 voxels, but out has room for 1');
  const type = await t.throwsAsync<VolumeIoError>(
    readVolume(bytes, { dtype: 'float64', out: new Float32Array(24) }),
  );
  t.is(type?.code, 'bad-argument');
  t.is(type?.message, 'out is an array of float32, but dtype asks for float64');
  const lossy = await t.throwsAsync<VolumeIoError>(
    readVolume(
      await encodeVolume(createVolume(new Int16Array(24).fill(-1), { shape: [2, 3, 4] }), 'nifti1'),
      { out: new Uint8Array(24) },
    ),
  );
  t.is(lossy?.code, 'range');
});
