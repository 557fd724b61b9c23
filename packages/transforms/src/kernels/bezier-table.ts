import type { BezierCurve } from '../api.js';

/** The reference samples the curve here and interpolates linearly between samples. */
const SAMPLES = 100_000;
/** Cells of the first table, and of the finer ones. */
const CELLS = 512;
const FINER = 64;
/** How many levels of finer tables there are at most, and how many tables in all. */
const LEVELS = 3;
const MAX_TABLES = 256;
/** Largest error allowed at the middle of a cell, where that of a cubic Hermite is largest. */
const MIDDLE_ERROR = 5e-8;
/**
 * Where the map is less steep than this, the curve and the polyline through its samples, at most 1e-10
 * apart, give the same intensity.
 */
const STEEP = 100;

/**
 * The intensity map of a Bézier curve as the reference computes it: 100,000 samples of the curve,
 * sorted by x, linear interpolation between them.
 *
 * With both inner control points in the unit square x(t) never decreases, so sorting x means reading
 * the curve from (0, 0) to (1, 1); y is then either sorted too (`increasing`), or left in the
 * opposite order, which inverts the map.
 *
 * The map is tabulated: a cubic Hermite polynomial in each of 512 cells where that agrees with the
 * sampled curve within 5e-8 at the middle of the cell. The few cells where it does not (a curve that
 * starts, ends or turns almost vertically) have a table of 64 cells of their own, and so on for three
 * levels; what is still too steep there is interpolated from the samples themselves. With the
 * rounding to float32 the error is below 2e-7, and below 1e-6 at the vertical turn of (1, 0), (0, 1),
 * where the reference's own rounding shows.
 */
export interface BezierTable {
  /**
   * Four float32 a cell: the coefficients of the cubic in the position within the cell; or NaN, the
   * index of the first entry of the finer table (−1 when there is none), and its number of cells.
   */
  readonly entries: Float32Array;
  /** Number of cells of the first table, which has one more for the intensity 1. */
  readonly cells: number;
  /** The value by interpolation between samples. */
  exact(value: number): number;
}

/** The mapped intensity, in float32 arithmetic. */
export function lookUp({ entries, cells, exact }: BezierTable, value: number): number {
  let position = Math.fround(value * cells);
  let table = 0;
  for (;;) {
    const cell = Math.floor(position);
    const u = Math.fround(position - cell);
    const at = table + 4 * cell;
    let f = Math.fround(entries[at + 2] + Math.fround(u * entries[at + 3]));
    f = Math.fround(entries[at + 1] + Math.fround(u * f));
    f = Math.fround(entries[at] + Math.fround(u * f));
    if (!Number.isNaN(f)) return f < 0 ? 0 : f > 1 ? 1 : f;
    table = entries[at + 1];
    if (table < 0) return Math.fround(exact(value));
    position = Math.fround(u * entries[at + 2]);
  }
}

/** t ↦ ((a·t + b)·t + c)·t */
interface Cubic {
  a: number;
  b: number;
  c: number;
}

const cubic = (p1: number, p2: number): Cubic => ({
  a: 1 + 3 * (p1 - p2),
  b: 3 * (p2 - 2 * p1),
  c: 3 * p1,
});
const at = ({ a, b, c }: Cubic, t: number): number => ((a * t + b) * t + c) * t;
const slope = ({ a, b, c }: Cubic, t: number): number => (3 * a * t + 2 * b) * t + c;

/** The curve as a function of the intensity. A class, so that its methods are inlined below. */
class SampledCurve {
  private readonly xs: Cubic;
  private readonly ys: Cubic;
  private readonly increasing: boolean;

  constructor({ points: [x1, y1, x2, y2], increasing }: BezierCurve) {
    this.xs = cubic(x1, x2);
    this.ys = cubic(y1, y2);
    this.increasing = increasing;
  }

  /** The parameter at which x(t) = value, searched from a guess on, not below `low`. */
  parameter(value: number, low: number, guess: number): number {
    // Newton steps, kept inside a bracket that shrinks.
    let lo = low;
    let hi = 1;
    let t = guess;
    for (let step = 0; step < 60; step++) {
      const error = at(this.xs, t) - value;
      if (Math.abs(error) < 1e-14) break;
      if (error > 0) hi = t;
      else lo = t;
      const next = t - error / slope(this.xs, t);
      const moved = next > lo && next < hi ? next : 0.5 * (lo + hi);
      if (moved === t) break;
      t = moved;
    }
    return t;
  }

  /** The parameter of a value `step` above that of t, but for terms of the third order in `step`. */
  ahead(t: number, step: number): number {
    const { a, b } = this.xs;
    const speed = slope(this.xs, t);
    const first = step / speed;
    return t + first - ((3 * a * t + b) * first * first) / speed;
  }

  x(t: number): number {
    return at(this.xs, t);
  }

  y(t: number): number {
    return at(this.ys, this.increasing ? t : 1 - t);
  }

  /** dy/dx at parameter t; not finite where the curve is vertical. */
  derivative(t: number): number {
    return (this.increasing ? slope(this.ys, t) : -slope(this.ys, 1 - t)) / slope(this.xs, t);
  }

  /** Interpolation between the samples at a value whose parameter is t. */
  value(value: number, t: number): number {
    const climb = Math.abs(slope(this.ys, this.increasing ? t : 1 - t));
    return climb < STEEP * slope(this.xs, t) ? this.y(t) : this.interpolate(value, t);
  }

  private interpolate(value: number, t: number): number {
    const n = SAMPLES - 1;
    let k = Math.min(Math.floor(t * n), n - 1);
    while (k > 0 && this.x(k / n) > value) k--;
    while (k < n - 1 && this.x((k + 1) / n) <= value) k++;
    const from = this.x(k / n);
    const to = this.x((k + 1) / n);
    const start = this.y(k / n);
    const part = to > from ? Math.min(Math.max((value - from) / (to - from), 0), 1) : 0;
    return start + part * (this.y((k + 1) / n) - start);
  }
}

interface Cell {
  entry: number;
  low: number;
  width: number;
}

export function bezierTable(curve: BezierCurve): BezierTable {
  const sampled = new SampledCurve(curve);
  let entries = new Float32Array(4 * (CELLS + 1));
  let steep: Cell[] = [];

  /** Tabulates `cells` cells from `low` on; those that a cubic does not fit go to `steep`. */
  function fill(first: number, cells: number, low: number, width: number): void {
    let t = sampled.parameter(low, 0, 0);
    let f0 = sampled.value(low, t);
    let d0 = sampled.derivative(t) * width;
    for (let cell = 0; cell < cells; cell++) {
      const start = low + width * cell;
      const end = low + width * (cell + 1);
      const before = t;
      const guess = sampled.ahead(t, width);
      t = sampled.parameter(end, t, guess > t && guess < 1 ? guess : t);
      const f1 = sampled.value(end, t);
      const d1 = sampled.derivative(t) * width;
      const entry = first + 4 * cell;
      const c2 = 3 * (f1 - f0) - 2 * d0 - d1;
      const c3 = 2 * (f0 - f1) + d0 + d1;
      // Compared halfway in the parameter, where no equation need be solved, and which is near the
      // middle of the cell unless the curve turns within it. The error of a cubic Hermite goes with
      // u² (1 − u)², 1/16 at the middle.
      const half = 0.5 * (before + t);
      const u = (sampled.x(half) - start) / width;
      const share = 16 * u * u * (1 - u) * (1 - u);
      const error = Math.abs(((c3 * u + c2) * u + d0) * u + f0 - sampled.y(half));
      if (u > 0.2 && u < 0.8 && error <= MIDDLE_ERROR * share) {
        entries[entry] = f0;
        entries[entry + 1] = d0;
        entries[entry + 2] = c2;
        entries[entry + 3] = c3;
      } else {
        entries[entry] = Number.NaN;
        entries[entry + 1] = -1;
        steep.push({ entry, low: start, width });
      }
      f0 = f1;
      d0 = d1;
    }
  }

  fill(0, CELLS, 0, 1 / CELLS);
  entries[4 * CELLS] = curve.increasing ? 1 : 0;
  let tables = 0;
  for (let level = 0; level < LEVELS && steep.length > 0; level++) {
    const refined = steep.slice(0, MAX_TABLES - tables);
    steep = [];
    let next = entries.length;
    const grown = new Float32Array(next + refined.length * 4 * FINER);
    grown.set(entries);
    entries = grown;
    for (const { entry, low, width } of refined) {
      entries[entry + 1] = next;
      entries[entry + 2] = FINER;
      fill(next, FINER, low, width / FINER);
      next += 4 * FINER;
    }
    tables += refined.length;
  }
  const exact = (value: number): number => sampled.value(value, sampled.parameter(value, 0, 0));
  return { entries, cells: CELLS, exact };
}
