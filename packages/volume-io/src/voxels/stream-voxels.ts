import type { DType, TypedArray } from '@genesis/core';
import type { ReadSlabsOpts } from '../api.js';
import { trailingNote } from '../bytes/payload.js';
import { payloadRange } from '../bytes/payload-range.js';
import { VolumeIoError } from '../errors.js';
import { pickRuns } from './pick-runs.js';
import { allocateVoxels, BYTES } from './stored-type.js';
import { chooseComponent, chooseType, chooseVolume, type VoxelPlan } from './voxel-plan.js';
import { VoxelSink } from './voxel-sink.js';

/** Bytes of a slab, roughly, in the type that is given. */
export const SLAB = 1 << 21;

/**
 * One volume's voxels in file order, a slab at a time, in one pass over the file: memory is that of a slab, also for a
 * compressed file. A slab is valid until the next is asked for.
 */
export async function* streamVoxels(
  plan: VoxelPlan,
  opts: ReadSlabsOpts,
): AsyncGenerator<TypedArray> {
  const volume = chooseVolume(plan, opts);
  if (plan.volumesInterleaved) {
    const apart = { ...plan, components: plan.volumes, volumes: 1, volumesInterleaved: false };
    yield* streamVoxels(apart, { ...opts, component: volume, volumeIndex: 0 });
    return;
  }
  const component = chooseComponent(plan, opts);
  const { payload, type, components } = plan;
  if (component === 'luminance') {
    throw new VolumeIoError('bad-argument', 'luminance cannot be read in slabs', {
      file: payload.source.name,
    });
  }
  const out = chooseType(plan, opts);
  const [nx, ny, nz] = plan.shape;
  const count = nx * ny * nz;
  const length = count * components * BYTES[type];
  const range = payloadRange(payload, plan.offset + volume * length, length, opts.signal);
  const run = plan.componentStride * BYTES[type];
  const chunks = components === 1 ? range : pickRuns(range, run, components, component);
  yield* convertChunks(chunks, plan, out, count, opts);
  if (payload.trailing) opts.onNote?.(trailingNote(payload.trailing));
}

async function* convertChunks(
  chunks: AsyncIterable<Uint8Array>,
  plan: VoxelPlan,
  out: DType,
  count: number,
  { onNote }: ReadSlabsOpts,
): AsyncGenerator<TypedArray> {
  const { type, byteOrder, slope, inter, payload } = plan;
  const file = payload.source.name;
  const size = BYTES[type];
  const most = Math.max(1, Math.floor(SLAB / BYTES[out]));
  const slab = allocateVoxels(out, Math.min(most, count), file);
  let [done, rounded] = [0, 0];
  const start = (): { sink: VoxelSink; left: number; length: number } => {
    const length = Math.min(most, count - done);
    const into = slab.subarray(0, length);
    const opts = { type, byteOrder, slope, inter, out, count: length, into, reserve: length, file };
    return { sink: new VoxelSink(opts), left: length * size, length };
  };
  let now = start();
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; ) {
      const part = chunk.subarray(at, at + now.left);
      now.sink.push(part);
      now.left -= part.byteLength;
      at += part.byteLength;
      if (now.left > 0) continue;
      yield now.sink.finish();
      rounded += now.sink.rounded;
      done += now.length;
      now = start();
    }
  }
  if (rounded > 0) {
    onNote?.(`${rounded} integers beyond ±2^53 were rounded to the nearest float64.`);
  }
}
