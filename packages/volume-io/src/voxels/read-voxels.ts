import type {
  ReadVolumeOpts,
  ScalarType,
  VolumeHeader,
  VoxelArray,
  WideVoxelArray,
} from '../api.js';
import { VolumeIoError } from '../errors.js';
import { throwIfAborted } from '../source/payload.js';
import { payloadRange } from '../source/payload-range.js';
import { trustedBytes } from '../source/trusted-bytes.js';
import { pickRuns } from './pick-runs.js';
import { allocateVoxels, BYTES } from './stored-type.js';
import { LITTLE_ENDIAN, swapBytes } from './swap-bytes.js';
import {
  checkSize,
  chooseComponent,
  chooseType,
  chooseVolume,
  type VoxelPlan,
} from './voxel-plan.js';
import { VoxelSink } from './voxel-sink.js';

/**
 * Reads one volume's voxels in file order. Uncompressed voxels of the wanted type are read straight into the result;
 * all others pass through a small buffer, so that memory stays near the size of the result.
 * Adds to `header.notes` what was done to the values.
 */
export async function readVoxels(
  plan: VoxelPlan,
  header: VolumeHeader,
  opts: ReadVolumeOpts,
): Promise<VoxelArray | WideVoxelArray> {
  if (plan.volumesInterleaved) {
    const apart = { ...plan, components: plan.volumes, volumes: 1, volumesInterleaved: false };
    const component = chooseVolume(plan, opts);
    return readVoxels(apart, header, { ...opts, component, volumeIndex: 0 });
  }
  const volume = chooseVolume(plan, opts);
  const component = chooseComponent(plan, opts);
  const out = chooseType(plan, opts);
  checkSize(plan, out, opts);
  const voxels =
    component === 'luminance'
      ? await readLuminance(plan, header, volume, out, opts)
      : await readComponent(plan, header, volume, component, out, opts);
  return applyFinitePolicy(voxels, plan, header, opts);
}

async function readComponent(
  plan: VoxelPlan,
  header: VolumeHeader,
  volume: number,
  component: number,
  out: ScalarType,
  opts: ReadVolumeOpts,
): Promise<VoxelArray | WideVoxelArray> {
  const { payload, type, components } = plan;
  const file = payload.source.name;
  const count = plan.shape[0] * plan.shape[1] * plan.shape[2];
  const size = BYTES[type];
  const length = count * components * size;
  const from = plan.offset + volume * length;
  const trusted = (await trustedBytes(payload, from + length)) - from;

  const scaled = plan.slope !== 1 || plan.inter !== 0;
  if (!payload.packing && components === 1 && !scaled && type === out) {
    return readStraight(plan, from, count, out, opts);
  }
  const sink = new VoxelSink({
    type,
    byteOrder: plan.byteOrder,
    slope: plan.slope,
    inter: plan.inter,
    out,
    count,
    reserve: trusted >= length ? count : Math.max(1, Math.floor(trusted / size / components)),
    file,
  });
  const range = payloadRange(payload, from, length, opts.signal);
  const run = plan.componentStride * size;
  const chunks = components === 1 ? range : pickRuns(range, run, components, component);
  for await (const chunk of chunks) sink.push(chunk);
  const voxels = sink.finish();
  if (sink.rounded > 0) {
    header.notes.push(
      `${sink.rounded} voxels beyond ±2^53 were rounded to the nearest float64; ask for dtype '${type}' to keep them exact.`,
    );
  }
  return voxels;
}

async function readStraight(
  plan: VoxelPlan,
  from: number,
  count: number,
  out: ScalarType,
  opts: ReadVolumeOpts,
): Promise<VoxelArray | WideVoxelArray> {
  const { source, start } = plan.payload;
  const voxels = allocateVoxels(out, count, source.name);
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  throwIfAborted(opts.signal, source.name);
  const got = await source.readInto(start + from, bytes);
  if (got < bytes.byteLength) {
    throw new VolumeIoError('truncated', 'became shorter while it was read', {
      file: source.name,
    });
  }
  if ((plan.byteOrder === 'little') !== LITTLE_ENDIAN) swapBytes(bytes, BYTES[out]);
  return voxels;
}

/** 0.30 R + 0.59 G + 0.11 B, the weights that ITK uses; alpha is left out. */
async function readLuminance(
  plan: VoxelPlan,
  header: VolumeHeader,
  volume: number,
  out: ScalarType,
  opts: ReadVolumeOpts,
): Promise<VoxelArray | WideVoxelArray> {
  const type = opts.dtype === undefined || opts.dtype === 'native' ? 'float32' : out;
  if (type !== 'float32' && type !== 'float64') {
    throw new VolumeIoError('range', `luminance is fractional and cannot be given as ${type}`, {
      file: plan.payload.source.name,
    });
  }
  const count = plan.shape[0] * plan.shape[1] * plan.shape[2];
  const sum = allocateVoxels(type, count, plan.payload.source.name) as Float64Array;
  for (const [n, weight] of [0.3, 0.59, 0.11].entries()) {
    const part = (await readComponent(plan, header, volume, n, type, opts)) as Float64Array;
    for (let v = 0; v < sum.length; v++) sum[v] = sum[v]! + weight * part[v]!;
  }
  header.notes.push('Luminance 0.30 R + 0.59 G + 0.11 B was taken of its colours.');
  return sum;
}

export function applyFinitePolicy(
  voxels: VoxelArray | WideVoxelArray,
  plan: VoxelPlan,
  header: VolumeHeader,
  opts: ReadVolumeOpts,
): VoxelArray | WideVoxelArray {
  const policy = opts.nonFinite ?? 'keep';
  if (policy === 'keep') return voxels;
  if (!(voxels instanceof Float32Array || voxels instanceof Float64Array)) return voxels;
  let found = 0;
  for (let n = 0; n < voxels.length; n++) {
    // Of all numbers only NaN and the infinities give NaN when multiplied by zero.
    if (voxels[n]! * 0 !== 0) {
      found++;
      if (policy === 'zero') voxels[n] = 0;
    }
  }
  if (found === 0) return voxels;
  if (policy === 'error') {
    throw new VolumeIoError('non-finite', `has ${found} voxels that are NaN or infinite`, {
      file: plan.payload.source.name,
    });
  }
  header.notes.push(`${found} voxels that were NaN or infinite were set to 0.`);
  return voxels;
}
