import type { BezierCurve } from '../api.js';

/** The reference samples the curve here and interpolates linearly between samples. */
const SAMPLES = 100_000;
/** Cells of each level of the table. */
const CELLS = 512;
/** Largest error allowed at the middle of a cell, where that of a cubic Hermite is largest. */
const MIDDLE_ERROR = 5e-8;

/**
 * The intensity map of a Bézier curve, as the reference computes it: 100,000 samples of the curve,
 * sorted by x, linear interpolation between them.
 *
 * With both inner control points in the unit square x(t) never decreases, so sorting x means reading
 * the curve from (0, 0) to (1, 1); y is then either sorted too (`increasing`), or left in the
 * opposite order, which inverts the map.
 *
 * The map is tabulated: a cubic Hermite polynomial in each of 512 cells where that agrees with the
 * sampled curve within 5e-8 at the middle of the cell; the few cells where it does not (a curve
 * that starts, ends or turns vertically) have a table of 512 cells of their own, and what is still
 * too steep there is interpolated from the samples themselves. Tested error: below 2e-7.
 */
export interface BezierTable {
  /** 4 coefficients a cell; NaN in cells that need `exact`. One cell more, for intensity 1. */
  readonly coefficients: Float64Array;
  readonly cells: number;
  /** The value where the table has none. */
  exact(value: number): number;
}

interface Cubic {
  /** B(t) = ((a·t + b)·t + c)·t */
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

export function bezierTable(curve: BezierCurve): BezierTable {
  const [x1, y1, x2, y2] = curve.points;
  const xs = cubic(x1, x2);
  const ys = cubic(y1, y2);
  const { increasing } = curve;
  const y = (t: number): number => at(ys, increasing ? t : 1 - t);

  /** The parameter at which x(t) = value, by Newton steps kept inside a shrinking bracket. */
  function parameter(value: number, low: number): number {
    let lo = low;
    let hi = 1;
    let t = lo > 0 ? lo : value;
    for (let step = 0; step < 60; step++) {
      const error = at(xs, t) - value;
      if (error > 0) hi = t;
      else lo = t;
      if (Math.abs(error) < 1e-15) break;
      const next = t - error / slope(xs, t);
      const inside = next > lo && next < hi;
      const moved = inside ? next : 0.5 * (lo + hi);
      if (moved === t) break;
      t = moved;
    }
    return t;
  }

  /** np.interp over the sorted samples, at a value whose parameter is t. */
  function sampled(value: number, t: number): number {
    const n = SAMPLES - 1;
    let k = Math.min(Math.floor(t * n), n - 1);
    while (k > 0 && at(xs, k / n) > value) k--;
    while (k < n - 1 && at(xs, (k + 1) / n) <= value) k++;
    const from = at(xs, k / n);
    const to = at(xs, (k + 1) / n);
    const start = y(k / n);
    const part = to > from ? Math.min(Math.max((value - from) / (to - from), 0), 1) : 0;
    return start + part * (y((k + 1) / n) - start);
  }

  function fillCells(low: number, width: number): Float64Array {
    const table = new Float64Array(4 * (CELLS + 1));
    let t = 0;
    let f0 = 0;
    let d0 = 0;
    for (let node = 0; node <= CELLS; node++) {
      const value = low + (width * node) / CELLS;
      const tm = node === 0 ? 0 : parameter(low + (width * (node - 0.5)) / CELLS, t);
      t = parameter(value, tm);
      const f1 = sampled(value, t);
      const direction = increasing ? slope(ys, t) : -slope(ys, 1 - t);
      const d1 = (direction / slope(xs, t)) * (width / CELLS);
      if (node > 0) {
        const middle = (f0 + f1) / 2 + (d0 - d1) / 8;
        const wanted = sampled(low + (width * (node - 0.5)) / CELLS, tm);
        const at = 4 * (node - 1);
        if (Math.abs(middle - wanted) <= MIDDLE_ERROR) {
          table[at] = f0;
          table[at + 1] = d0;
          table[at + 2] = 3 * (f1 - f0) - 2 * d0 - d1;
          table[at + 3] = 2 * (f0 - f1) + d0 + d1;
        } else table[at] = Number.NaN;
      }
      f0 = f1;
      d0 = d1;
    }
    table[4 * CELLS] = f0;
    return table;
  }

  const coefficients = fillCells(0, 1);
  const finer = new Map<number, Float64Array>();

  function exact(value: number): number {
    if (value <= 0) return y(0);
    if (value >= 1) return y(1);
    const cell = Math.floor(value * CELLS);
    if (!Number.isNaN(coefficients[4 * cell])) return clamp(evaluate(coefficients, value * CELLS));
    let table = finer.get(cell);
    if (table === undefined) {
      table = fillCells(cell / CELLS, 1 / CELLS);
      finer.set(cell, table);
    }
    const result = evaluate(table, (value * CELLS - cell) * CELLS);
    return clamp(Number.isNaN(result) ? sampled(value, parameter(value, 0)) : result);
  }

  return { coefficients, cells: CELLS, exact };
}

const clamp = (value: number): number => Math.min(Math.max(value, 0), 1);

function evaluate(table: Float64Array, position: number): number {
  const cell = Math.floor(position);
  const u = position - cell;
  const i = 4 * cell;
  return table[i] + u * (table[i + 1] + u * (table[i + 2] + u * table[i + 3]));
}
