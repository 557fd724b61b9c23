import type { ReadonlyVec3, Vec3 } from '@genesis/core';

/** n → [n, n, n]; three numbers are copied. */
export function toVec3(value: number | ReadonlyVec3): Vec3 {
  return typeof value === 'number' ? [value, value, value] : [...value];
}
