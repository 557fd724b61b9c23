import { type NumberArray, type ReadonlyVec3, type Vec3, zerosLike } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import { shiftAffine } from '../geometry/affine.js';
import { inOrder } from '../voxels/contiguous.js';
import type { Volume } from '../voxels/volume.js';
import { derive } from './derive.js';
import { checkFits } from './voxel-range.js';

/** How much is added, and what. */
export interface PadOpts {
  /** Voxels added before the first one along i, j, k. Default none. */
  before?: ReadonlyVec3;
  /** Voxels added behind the last one. Default none. */
  after?: ReadonlyVec3;
  /** 'constant' (default): `value`. 'edge': the nearest voxel. 'reflect': mirrored about the edge voxel, which is not repeated (numpy's 'reflect'). */
  mode?: 'constant' | 'edge' | 'reflect';
  /** Default 0. For CT in HU, air is −1000. */
  value?: number;
}

/**
 * Adds voxels around a volume: new voxels, i fastest; every old voxel keeps its place in the world.
 * Throws VolumeIoError 'bad-argument' for negative widths, or a reflection wider than the volume; 'range' when `value`
 * does not fit the voxel type.
 */
export function padVolume<T extends NumberArray>(volume: Volume<T>, opts: PadOpts): Volume<T> {
  const { data } = volume;
  const before: Vec3 = [...(opts.before ?? ([0, 0, 0] satisfies Vec3))];
  const after: Vec3 = [...(opts.after ?? ([0, 0, 0] satisfies Vec3))];
  const mode = opts.mode ?? 'constant';
  const value = opts.value ?? 0;
  if (mode === 'constant') checkFits(data.data, value);
  const size = [0, 1, 2].map((d) => before[d] + data.shape[d] + after[d]) as Vec3;
  // For each axis, which old voxel a new one takes its value from; −1: none.
  const maps = [0, 1, 2].map((d) => sourceIndices(data.shape[d], before[d], after[d], mode)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];

  const [si, sj, sk] = data.stride;
  const source = data.data;
  const target = zerosLike(source, size[0] * size[1] * size[2]);
  if (value !== 0 && mode === 'constant') target.fill(value);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const fromJ = maps[1][j];
      const fromK = maps[2][k];
      if (fromJ < 0 || fromK < 0) continue;
      const row = data.offset + fromJ * sj + fromK * sk;
      const at = size[0] * (j + size[1] * k);
      for (let i = 0; i < size[0]; i++) {
        const from = maps[0][i];
        if (from >= 0) target[at + i] = source[row + from * si];
      }
    }
  }
  return derive(
    volume,
    inOrder(target, size, 'F'),
    shiftAffine(volume.affine, [-before[0], -before[1], -before[2]]),
    `padded by ${before.join(', ')} before and ${after.join(', ')} after`,
  );
}

function sourceIndices(
  n: number,
  before: number,
  after: number,
  mode: 'constant' | 'edge' | 'reflect',
): Int32Array {
  for (const width of [before, after]) {
    if (!(Number.isInteger(width) && width >= 0)) {
      throw new VolumeIoError('bad-argument', `padding must be 0 or more voxels, not ${width}`);
    }
    if (mode === 'reflect' && width >= n) {
      throw new VolumeIoError(
        'bad-argument',
        `${n} voxels cannot be reflected ${width} voxels far; at most ${n - 1}`,
      );
    }
  }
  return Int32Array.from({ length: before + n + after }, (_, at) => {
    const i = at - before;
    if (i >= 0 && i < n) return i;
    if (mode === 'constant') return -1;
    if (mode === 'edge') return i < 0 ? 0 : n - 1;
    return i < 0 ? -i : 2 * (n - 1) - i;
  });
}
