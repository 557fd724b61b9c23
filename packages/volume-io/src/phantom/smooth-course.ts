import type { Vec3 } from '@genesis/core';
import type { TubePoint } from './mask-tube.js';

/** Rows of x, y, z, radius in mm. */
export type Course = readonly (readonly [number, number, number, number])[];

const PIECES = 4;

/** A Catmull-Rom curve through the rows, as a chain of short cones; `grow` is added to each radius. */
export function smoothCourse(course: Course, grow = 0): TubePoint[] {
  const points: TubePoint[] = [];
  for (let n = 0; n + 1 < course.length; n++) {
    const p0 = course[Math.max(0, n - 1)];
    const p1 = course[n];
    const p2 = course[n + 1];
    const p3 = course[Math.min(course.length - 1, n + 2)];
    for (let step = 0; step < PIECES; step++) {
      points.push(between(p0, p1, p2, p3, step / PIECES, grow));
    }
  }
  const last = course[course.length - 1];
  points.push({ at: [last[0], last[1], last[2]], radius: last[3] + grow });
  return points;
}

type Row = Course[number];

function between(p0: Row, p1: Row, p2: Row, p3: Row, t: number, grow: number): TubePoint {
  const at = (d: 0 | 1 | 2 | 3): number => {
    const a = p0[d];
    const b = p1[d];
    const c = p2[d];
    const e = p3[d];
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - e + t * (3 * (b - c) + e - a)));
  };
  const position: Vec3 = [at(0), at(1), at(2)];
  return { at: position, radius: at(3) + grow };
}
