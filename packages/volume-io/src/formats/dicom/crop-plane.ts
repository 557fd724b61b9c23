import { copyStrided, type TypedArray } from '@genesis/core';
import type { Region } from '../../api.js';
import { takeVoxels } from '../../voxels/out-array.js';
import type { StoredType } from '../../voxels/stored-type.js';

/** Of whole slices of nx × ny voxels, which start at the region's first one, the part that the region covers; `into`, or a new array, receives it. */
export function cropPlane(
  slices: TypedArray,
  type: Exclude<StoredType, 'float16'>,
  [nx, ny]: readonly number[],
  region: Region,
  file: string,
  into: TypedArray | undefined,
): TypedArray {
  const [i, j] = region.start;
  const [sx, sy, sz] = region.size;
  if (sx === nx && sy === ny) return slices;
  const out = takeVoxels(type, sx * sy * sz, file, into);
  const from = { offset: j * nx + i, stride: [1, nx, nx * ny] };
  copyStrided(slices, from, out, { offset: 0, stride: [1, sx, sx * sy] }, region.size);
  return out;
}
