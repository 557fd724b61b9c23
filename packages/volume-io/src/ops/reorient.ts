import type { TypedArray, Vec3 } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { VolumeIoError } from '../errors.js';
import { affineAxes, composeAffines } from '../geometry/affine.js';
import type { Volume } from '../voxels/volume.js';
import { derive } from './derive.js';

const LETTERS = ['LR', 'PA', 'IS'] as const;

/**
 * Permutes and flips the axes so that they point where `code` says: any of the 48 codes, e.g. 'RAS' (i to the right,
 * j anterior, k superior) or 'LPS'. Nothing is resampled: every voxel keeps its value and its place in the world; axes
 * of an oblique volume are taken for the nearest directions, as nibabel does.
 * The result looks at the same memory with other strides (negative where an axis is flipped); toOrder makes a copy.
 * Throws VolumeIoError 'bad-argument' when the code does not name each of the three directions once.
 */
export function reorient<T extends TypedArray>(volume: Volume<T>, code: string): Volume<T> {
  const wanted = parseCode(code);
  const { axis, sign } = affineAxes(volume.affine);
  const { data } = volume;
  const shape: Vec3 = [0, 0, 0];
  const stride: Vec3 = [0, 0, 0];
  let offset = data.offset;
  // New voxel → old voxel.
  const map = new Float64Array(16);
  map[15] = 1;
  for (let d = 0; d < 3; d++) {
    const from = axis.indexOf(wanted[d].world);
    const flip = sign[from] !== wanted[d].sign;
    const n = data.shape[from];
    shape[d] = n;
    stride[d] = flip ? -data.stride[from] : data.stride[from];
    if (flip) offset += (n - 1) * data.stride[from];
    map[from * 4 + d] = flip ? -1 : 1;
    map[from * 4 + 3] = flip ? n - 1 : 0;
  }
  return derive(
    volume,
    ndarray(data.data, shape, stride, offset) as NdArray<T>,
    composeAffines(volume.affine, map),
    `reoriented from ${volume.orientation} to ${code.toUpperCase()}`,
  );
}

function parseCode(code: string): { world: number; sign: number }[] {
  const axes = [...code.toUpperCase()].map((letter) => {
    const world = LETTERS.findIndex((pair) => pair.includes(letter));
    return { world, sign: world >= 0 && LETTERS[world][1] === letter ? 1 : -1 };
  });
  if (
    axes.length !== 3 ||
    new Set(axes.map((a) => a.world)).size !== 3 ||
    axes.some((a) => a.world < 0)
  ) {
    throw new VolumeIoError(
      'bad-argument',
      `${JSON.stringify(code)} is no orientation: give one of L/R, one of P/A and one of I/S, such as RAS or LPS`,
    );
  }
  return axes;
}
