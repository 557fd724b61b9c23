import type { DType, ReadonlyVec3, TypedArray } from '@genesis/core';
import type { ReadVoxelsOpts, Region, VolumeHeader } from '../api.js';
import { trailingNote } from '../bytes/payload.js';
import { payloadRange } from '../bytes/payload-range.js';
import { trustedBytes } from '../bytes/trusted-bytes.js';
import { VolumeIoError } from '../errors.js';
import { isPlainConversion } from './convert-voxels.js';
import { takeVoxels } from './out-array.js';
import { pickRuns } from './pick-runs.js';
import { readInPlace } from './read-in-place.js';
import { regionRange } from './region-range.js';
import { BYTES } from './stored-type.js';
import {
  checkSize,
  chooseComponent,
  chooseType,
  chooseVolume,
  type VoxelPlan,
} from './voxel-plan.js';
import { VoxelSink } from './voxel-sink.js';

/**
 * Reads one volume's voxels, or those of a region, in file order. Uncompressed voxels that need no
 * scaling are read straight into the result; all others pass through a small buffer, so that memory stays near the size of the result.
 * Adds to `header.notes` what was done to the values.
 */
export async function readVoxels(
  plan: VoxelPlan,
  header: VolumeHeader,
  opts: ReadVoxelsOpts,
  region?: Region,
): Promise<TypedArray> {
  if (plan.volumesInterleaved) {
    const apart = { ...plan, components: plan.volumes, volumes: 1, volumesInterleaved: false };
    const component = chooseVolume(plan, opts);
    return readVoxels(apart, header, { ...opts, component, volumeIndex: 0 }, region);
  }
  const volume = chooseVolume(plan, opts);
  const component = chooseComponent(plan, opts);
  const out = chooseType(plan, opts);
  checkSize(region ? { ...plan, shape: region.size } : plan, out, opts);
  const job: Job = { plan, header, volume, out, opts, region };
  const voxels =
    component === 'luminance' ? await readLuminance(job) : await readComponent(job, component);
  if (plan.payload.trailing) header.notes.push(trailingNote(plan.payload.trailing));
  return applyFinitePolicy(voxels, plan, header, opts);
}

interface Job {
  plan: VoxelPlan;
  header: VolumeHeader;
  volume: number;
  out: DType;
  opts: ReadVoxelsOpts;
  region: Region | undefined;
}

async function readComponent(job: Job, component: number): Promise<TypedArray> {
  const { plan, volume, out, opts, region } = job;
  const { payload, type, components, slope, inter } = plan;
  const size = BYTES[type];
  const length = voxelsIn(plan.shape) * components * size;
  const from = plan.offset + volume * length;
  const trusted = (await trustedBytes(payload, from + length)) - from;
  const count = region ? voxelsIn(region.size) : voxelsIn(plan.shape);

  const unscaled = slope === 1 && inter === 0;
  const plain = type === out || (isPlainConversion(type, out) && size <= BYTES[out]);
  if (!payload.packing && !region && components === 1 && unscaled && plain) {
    const voxels = takeVoxels(out, count, payload.source.name, opts.out);
    await readInPlace(plan, from, voxels, opts.signal);
    return voxels;
  }
  const sink = new VoxelSink({
    type,
    byteOrder: plan.byteOrder,
    slope,
    inter,
    out,
    count,
    into: opts.out && takeVoxels(out, count, payload.source.name, opts.out),
    reserve: trusted >= length ? count : Math.max(1, Math.floor(trusted / size / components)),
    file: payload.source.name,
  });
  const range = region
    ? regionRange(plan, volume, region, opts.signal)
    : payloadRange(payload, from, length, opts.signal);
  const run = plan.componentStride * size;
  const chunks = components === 1 ? range : pickRuns(range, run, components, component);
  for await (const chunk of chunks) sink.push(chunk);
  const voxels = sink.finish();
  if (sink.rounded > 0) {
    job.header.notes.push(
      `${sink.rounded} voxels beyond ±2^53 were rounded to the nearest float64; ask for dtype '${type}' to keep them exact.`,
    );
  }
  return voxels;
}

function voxelsIn([nx, ny, nz]: ReadonlyVec3): number {
  return nx * ny * nz;
}

/** 0.30 R + 0.59 G + 0.11 B, the weights that ITK uses; alpha is left out. */
async function readLuminance(job: Job): Promise<TypedArray> {
  const { plan, opts, region } = job;
  const file = plan.payload.source.name;
  const out = opts.dtype === undefined || opts.dtype === 'native' ? 'float32' : job.out;
  if (out !== 'float32' && out !== 'float64') {
    throw new VolumeIoError('range', `luminance is fractional and cannot be given as ${out}`, {
      file,
    });
  }
  const count = voxelsIn(region ? region.size : plan.shape);
  const sum = takeVoxels(out, count, file, opts.out).fill(0 as never) as Float64Array;
  const { out: _, ...own } = opts;
  for (const [n, weight] of [0.3, 0.59, 0.11].entries()) {
    const part = (await readComponent({ ...job, out, opts: own }, n)) as Float64Array;
    for (let v = 0; v < sum.length; v++) sum[v] = sum[v] + weight * part[v];
  }
  job.header.notes.push('Luminance 0.30 R + 0.59 G + 0.11 B was taken of its colours.');
  return sum;
}

/** Keeps, zeroes or refuses NaN and infinities, in place, as `nonFinite` says. Throws VolumeIoError 'non-finite'. */
export function applyFinitePolicy(
  voxels: TypedArray,
  plan: VoxelPlan,
  header: VolumeHeader,
  opts: ReadVoxelsOpts,
): TypedArray {
  const policy = opts.nonFinite ?? 'keep';
  if (policy === 'keep') return voxels;
  if (!(voxels instanceof Float32Array || voxels instanceof Float64Array)) return voxels;
  let found = 0;
  for (let n = 0; n < voxels.length; n++) {
    // Of all numbers only NaN and the infinities give NaN when multiplied by zero.
    if (voxels[n] * 0 !== 0) {
      found++;
      if (policy === 'zero') voxels[n] = 0;
    }
  }
  if (found === 0) return voxels;
  if (policy === 'error') {
    throw new VolumeIoError(
      'non-finite',
      `has ${found === 1 ? '1 voxel that is' : `${found} voxels that are`} NaN or infinite`,
      {
        file: plan.payload.source.name,
      },
    );
  }
  header.notes.push(
    found === 1
      ? '1 voxel that was NaN or infinite was set to 0.'
      : `${found} voxels that were NaN or infinite were set to 0.`,
  );
  return voxels;
}
