import type { Vec3 } from '@genesis/core';
import type { Affine } from '../api.js';
import { affineDeterminant, affineSpacing } from './affine.js';
import { cross, dot, norm, scale, subtract } from './vector.js';

/** Voxels beyond these lengths in mm are no lengths but fields that were never filled in, or overflows. */
const SHORTEST = 1e-12;
const LONGEST = 1e12;
/** Axes whose volume is less than this part of the product of their lengths lie in one plane or along one line. */
const FLAT = 1e-12;

const AXES = [0, 1, 2] as const;

/** Is it a length that a voxel can have, in mm? */
export function isUsableLength(mm: number): boolean {
  return mm >= SHORTEST && mm <= LONGEST;
}

/** Can the affine place voxels? Its numbers are finite, its axes have a length, and they are independent. */
export function isUsableAffine(affine: Affine): boolean {
  if (affine.length !== 16 || !affine.every(Number.isFinite)) return false;
  const [sx, sy, sz] = affineSpacing(affine);
  if (!isUsableLength(sx) || !isUsableLength(sy) || !isUsableLength(sz)) return false;
  return Math.abs(affineDeterminant(affine)) > FLAT * sx * sy * sz;
}

/**
 * The affine with the axes that cannot be used replaced, and which those are. An axis without a length becomes one of
 * 1 mm at right angles to the others; axes that are not independent become the world's, their lengths kept where they
 * are usable. What is not finite in the origin becomes 0. The given affine is not changed.
 */
export function repairAffine(affine: Affine): { affine: Affine; axes: number[] } {
  const out = affine.map((v, n) => (n % 4 === 3 && !Number.isFinite(v) ? 0 : v));
  const spacing = affineSpacing(out);
  const broken = AXES.filter((axis) => !isUsableLength(spacing[axis]));
  const known = AXES.filter((axis) => isUsableLength(spacing[axis])).map((axis) =>
    direction(out, axis),
  );
  if (!independent(known)) {
    for (const axis of AXES) {
      setColumn(out, axis, scale(world(axis), isUsableLength(spacing[axis]) ? spacing[axis] : 1));
    }
    return { affine: out, axes: [...AXES] };
  }
  for (const axis of broken) {
    const free = freeDirection(known, axis);
    known.push(free);
    setColumn(out, axis, free);
  }
  return { affine: out, axes: broken };
}

/** 'i', 'i and j', 'i, j and k' for axes 0, 1, 2. */
export function axisNames(axes: readonly number[]): string {
  const names = axes.map((axis) => 'ijk'[axis]);
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function direction(affine: Affine, axis: number): Vec3 {
  const v: Vec3 = [affine[axis], affine[4 + axis], affine[8 + axis]];
  return scale(v, 1 / norm(v));
}

function setColumn(affine: Affine, axis: number, v: Vec3): void {
  for (const row of AXES) affine[4 * row + axis] = v[row];
}

function independent(units: readonly Vec3[]): boolean {
  if (units.length < 2) return true;
  const normal = cross(units[0], units[1]);
  const size = units.length === 2 ? norm(normal) : Math.abs(dot(normal, units[2]));
  return size > FLAT;
}

function world(axis: number): Vec3 {
  return [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
}

/** A unit vector at right angles to at most two others: as near as can be to the world's axis of that number. */
function freeDirection(others: readonly Vec3[], axis: number): Vec3 {
  if (others.length === 2) {
    const normal = cross(others[0], others[1]);
    const unit = scale(normal, 1 / norm(normal));
    return unit[axis] < 0 ? scale(unit, -1) : unit;
  }
  const [other] = others;
  if (!other) return world(axis);
  // The world's axis, or the next one when that runs along the known axis.
  for (const n of AXES) {
    const start = world((axis + n) % 3);
    const along = dot(start, other);
    if (Math.abs(along) > 0.9) continue;
    const free = subtract(start, scale(other, along));
    return scale(free, 1 / norm(free));
  }
  return world(axis);
}
