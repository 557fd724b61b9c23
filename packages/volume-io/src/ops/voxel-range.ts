import { dtypeOf, type NumberArray } from '@genesis/core';
import { VolumeIoError } from '../errors.js';

/** Smallest and largest value of integer voxels; undefined for float voxels, which take anything. */
function integerRange(voxels: NumberArray): readonly [number, number] | undefined {
  if (voxels instanceof Float32Array || voxels instanceof Float64Array) return undefined;
  const bits = voxels.BYTES_PER_ELEMENT * 8;
  const signed =
    voxels instanceof Int8Array || voxels instanceof Int16Array || voxels instanceof Int32Array;
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

/** Throws VolumeIoError 'range' when a value cannot be stored exactly as a voxel of this type. */
export function checkFits(voxels: NumberArray, value: number): void {
  const range = integerRange(voxels);
  if (range && !(Number.isInteger(value) && value >= range[0] && value <= range[1])) {
    throw new VolumeIoError(
      'range',
      `${value} cannot be stored in ${dtypeOf(voxels)} voxels, which hold whole numbers ${range[0]} to ${range[1]}`,
    );
  }
}
