import type { Vec3 } from '@genesis/core';
import type { Affine } from '../../api.js';
import { cross, dot, norm, scale, subtract } from '../../geometry/vector.js';
import type { FrameInfo, Orientation } from './frame-info.js';

/** The grid that slices form. */
export interface StackGeometry {
  /** Voxel → RAS mm. */
  readonly affine: Affine;
  readonly notes: string[];
  /** Why the slices are no regular grid: missing or uneven ones. */
  readonly irregular?: string;
}

const AXIAL: Orientation = [1, 0, 0, 0, 1, 0];
/** Distances that differ by less than this part of the usual one are rounding. */
const EVEN = 0.01;
/** Slices may lie off the straight line by this many mm before it is said. */
const STRAIGHT = 0.1;

/** Unit normal of a slice: the direction in which slices are sorted. */
export function sliceNormal(axes: Orientation = AXIAL): Vec3 {
  const normal = cross([axes[0], axes[1], axes[2]], [axes[3], axes[4], axes[5]]);
  return scale(normal, 1 / norm(normal));
}

/**
 * The affine of slices in order along their normal, or against it. In-plane axes come from the orientation; the third axis runs from
 * the first slice's position to the last one's, divided evenly. A tilted gantry therefore gives a sheared affine that
 * is exact for every slice; with missing or uneven slices the first and the last one are exact.
 */
export function stackGeometry(slices: readonly FrameInfo[]): StackGeometry {
  const notes: string[] = [];
  const first = slices[0];
  const last = slices[slices.length - 1];
  const axes = first.orientation ?? AXIAL;
  const normal = sliceNormal(axes);
  const [dx, dy] = first.spacing ?? [1, 1];
  if (!first.spacing) notes.push('The file states no usable pixel spacing; 1 mm was taken.');
  if (!first.orientation)
    notes.push(
      'The file states no usable orientation; rows were taken to run right to left and columns front to back.',
    );
  let step: Vec3;
  let irregular: string | undefined;
  if (slices.length > 1 && first.position && last.position) {
    step = scale(subtract(last.position, first.position), 1 / (slices.length - 1));
    irregular = uneven(slices, normal);
    if (irregular) {
      notes.push(
        `${irregular} The affine steps ${round(norm(step))} mm from slice to slice, which is exact for the first and the last one.`,
      );
    }
    notes.push(...tiltNotes(slices, normal, step));
  } else {
    const known = first.gap !== undefined;
    if (!first.position)
      notes.push('The file states no usable patient position; the first voxel was put at 0.');
    if (!known) notes.push('The file states no usable distance between slices; 1 mm was taken.');
    step = scale(normal, first.gap ?? 1);
  }
  const origin = first.position ?? [0, 0, 0];
  // LPS → RAS: the first two rows change sign.
  const row = (axis: number, sign: number): number[] =>
    [axes[axis] * dx, axes[axis + 3] * dy, step[axis], origin[axis]].map((v) => v * sign || 0);
  const affine = Float64Array.from([...row(0, -1), ...row(1, -1), ...row(2, 1), 0, 0, 0, 1]);
  return { affine, notes, irregular };
}

/** A sentence when slices are missing or the distances between them differ. */
function uneven(slices: readonly FrameInfo[], normal: Vec3): string | undefined {
  const gaps: number[] = [];
  for (let n = 1; n < slices.length; n++) {
    gaps.push(Math.abs(dot(subtract(slices[n].position!, slices[n - 1].position!), normal)));
  }
  const usual = median(gaps);
  const odd = gaps.flatMap((gap, n) => (Math.abs(gap - usual) > EVEN * usual ? [n] : []));
  if (odd.length === 0) return undefined;
  const holes = odd.filter((n) => gaps[n] > 1.5 * usual);
  const whole = (n: number): boolean => {
    const ratio = gaps[n] / usual;
    return Math.abs(ratio - Math.round(ratio)) < 0.1;
  };
  if (holes.length === odd.length && holes.every(whole)) {
    const count = holes.reduce((sum, n) => sum + Math.round(gaps[n] / usual) - 1, 0);
    const where = holes.slice(0, 5).map((n) => `${n} and ${n + 1}`);
    const more = holes.length > 5 ? ' and in other places' : '';
    return `${count} ${count === 1 ? 'slice is' : 'slices are'} missing (slices lie ${round(usual)} mm apart; gap between slices ${where.join(', ')}${more}); nothing was filled in.`;
  }
  const [low, high] = [Math.min(...gaps), Math.max(...gaps)];
  return `The distance between slices varies from ${round(low)} to ${round(high)} mm; nothing was resampled.`;
}

function tiltNotes(slices: readonly FrameInfo[], normal: Vec3, step: Vec3): string[] {
  const notes: string[] = [];
  const along = dot(step, normal);
  const sideways = norm(subtract(step, scale(normal, along)));
  const angle = (Math.atan2(sideways, Math.abs(along)) * 180) / Math.PI;
  if (sideways * (slices.length - 1) > STRAIGHT && angle > 0.05) {
    notes.push(
      `The slices are stacked ${round(angle)}° off their normal (gantry tilt); the affine is sheared accordingly and nothing was resampled.`,
    );
  }
  const origin = slices[0].position!;
  const crooked = slices.some(({ position }) => {
    const from = subtract(position!, origin);
    const t = along === 0 ? 0 : dot(from, normal) / along;
    return norm(subtract(from, scale(step, t))) > STRAIGHT;
  });
  if (crooked)
    notes.push(
      'The positions of the slices do not lie on a straight line; the first and the last one are exact.',
    );
  return notes;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

const round = (v: number): number => Number(v.toFixed(3));
