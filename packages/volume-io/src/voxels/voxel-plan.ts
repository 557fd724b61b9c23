import { type DType, isDType, type ReadonlyVec3 } from '@genesis/core';
import type { ReadVoxelsOpts, VolumeHeader } from '../api.js';
import type { Payload } from '../bytes/payload.js';
import { VolumeIoError } from '../errors.js';
import { BYTES, type StoredType } from './stored-type.js';

/** Where the voxels of a file are and what they look like: all that formats differ in once their header is read. */
export interface VoxelPlan {
  payload: Payload;
  /** Bytes of the (decompressed) payload before the first voxel. */
  offset: number;
  type: StoredType;
  byteOrder: 'little' | 'big';
  shape: ReadonlyVec3;
  /** 'ijk': i fastest, as most formats; 'kji': k fastest (numpy's C order). */
  order: 'ijk' | 'kji';
  /** Volumes one after the other; `volumesInterleaved`: the voxels of all volumes alternate instead. */
  volumes: number;
  volumesInterleaved?: boolean;
  components: number;
  /** Elements before the next component of the same voxel: 1 when interleaved. Used when there are components. */
  componentStride: number;
  slope: number;
  inter: number;
  /** What had to be said of the place of the voxels, for the header of the volume. */
  notes?: readonly string[];
}

/** What a format's parser gives. */
export interface ParsedVolume {
  /** Not changed by what is read later. */
  readonly header: VolumeHeader;
  /** Finds the voxels; left until they are wanted, so that a header can be read without its data. */
  plan: () => Promise<VoxelPlan>;
}

const DEFAULT_MAX_BYTES = 16 * 2 ** 30;

/** The volume asked for. Throws 'volume-required' or 'bad-argument'. */
export function chooseVolume(plan: VoxelPlan, opts: ReadVoxelsOpts): number {
  const file = plan.payload.source.name;
  const index = opts.volumeIndex;
  if (index === undefined) {
    if (plan.volumes === 1) return 0;
    throw new VolumeIoError(
      'volume-required',
      `holds ${plan.volumes} volumes of ${plan.shape.join('×')} voxels; choose one with volumeIndex 0…${plan.volumes - 1}`,
      { file },
    );
  }
  if (!Number.isInteger(index) || index < 0 || index >= plan.volumes) {
    throw new VolumeIoError(
      'bad-argument',
      `volumeIndex ${index} is outside 0…${plan.volumes - 1}`,
      { file },
    );
  }
  return index;
}

/** The component asked for. Throws 'component-required' or 'bad-argument'. */
export function chooseComponent(plan: VoxelPlan, opts: ReadVoxelsOpts): number | 'luminance' {
  const file = plan.payload.source.name;
  const { component } = opts;
  const last = plan.components - 1;
  if (component === undefined) {
    if (plan.components === 1) return 0;
    throw new VolumeIoError(
      'component-required',
      `has ${plan.components} values a voxel; choose one with component 0…${last}${plan.components >= 3 ? " or 'luminance'" : ''}`,
      { file },
    );
  }
  if (component === 'luminance') {
    if (plan.components === 1) return 0;
    if (plan.components === 3 || plan.components === 4) return component;
    throw new VolumeIoError(
      'bad-argument',
      `component 'luminance' needs RGB or RGBA voxels, not ${plan.components} values a voxel`,
      { file },
    );
  }
  if (!Number.isInteger(component) || component < 0 || component > last) {
    throw new VolumeIoError('bad-argument', `component ${component} is outside 0…${last}`, {
      file,
    });
  }
  return component;
}

/** The type of the voxels given. Throws 'bad-argument' for an unknown name. */
export function chooseType(plan: VoxelPlan, opts: ReadVoxelsOpts): DType {
  const wanted = opts.dtype ?? 'native';
  if (wanted !== 'native') {
    if (isDType(wanted)) return wanted;
    throw new VolumeIoError('bad-argument', `dtype ${JSON.stringify(wanted)} is not known`);
  }
  return nativeType(plan.type, plan.slope !== 1 || plan.inter !== 0);
}

/** The type that loses nothing: see ReadVoxelsOpts.dtype. */
export function nativeType(type: StoredType, scaled: boolean): DType {
  if (type === 'float16') return 'float32';
  if (type === 'int64' || type === 'uint64') return 'float64';
  if (!scaled || type === 'float32' || type === 'float64') return type;
  return BYTES[type] >= 4 ? 'float64' : 'float32';
}

/** Refuses volumes that are larger than the caller allows, before anything is reserved for them. */
export function checkSize(plan: VoxelPlan, out: DType, opts: ReadVoxelsOpts): void {
  const file = plan.payload.source.name;
  const bytes = plan.shape[0] * plan.shape[1] * plan.shape[2] * BYTES[out];
  const limit = opts.maxBytes ?? DEFAULT_MAX_BYTES;
  if (bytes > limit) {
    throw new VolumeIoError(
      'too-large',
      `needs ${bytes} bytes for its ${plan.shape.join('×')} voxels, more than the limit of ${limit}`,
      { file },
    );
  }
  if (opts.require3d && plan.shape.some((n) => n === 1)) {
    throw new VolumeIoError('not-3d', `is not a 3-D volume, its shape is ${plan.shape.join('×')}`, {
      file,
    });
  }
}
