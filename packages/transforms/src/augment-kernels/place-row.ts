import type { Heap } from './api.js';
import { doubles, floats, words } from './views.js';

const { fround } = Math;

/** What is beyond the source; the numbers are those of wasm/augment/resample.c. */
export const BORDER = { constant: 0, nearest: 1, reflect: 2 } as const;

/** What `resample` is told; see wasm/augment/resample.c, where the fields are described. */
export interface Job {
  shape: Int32Array;
  window: Int32Array;
  source: Int32Array;
  start: Int32Array;
  border: number;
  margin: number;
  fields: { kind: number; source: number; target: number; fill: number }[];
  control: Int32Array;
  grid: Float32Array;
  cell: Int32Array[];
  weight: Float32Array[];
  origin: Float64Array;
  step: Float64Array;
  least: Float64Array;
  most: Float64Array;
}

export function readJob(heap: Heap, at: number): Job {
  const head = words(heap, at, 28);
  const shape = head.subarray(0, 3);
  const [border, margin, fields, count] = head.subarray(12, 16);
  const control = head.subarray(16, 19);
  const elastic = control[0] > 0;
  const points = 4 * control[0] * control[1] * control[2];
  const axes = elastic ? [0, 1, 2] : [];
  return {
    shape,
    window: head.subarray(3, 6),
    source: head.subarray(6, 9),
    start: head.subarray(9, 12),
    border,
    margin,
    fields: Array.from({ length: count }, (_, f) => {
      const [kind, source, , target] = words(heap, fields + 20 * f, 4);
      return { kind, source, target, fill: floats(heap, fields + 20 * f + 16, 1)[0] };
    }),
    control,
    grid: elastic ? floats(heap, head[19], points) : new Float32Array(0),
    cell: axes.map((axis) => words(heap, head[22 + axis], shape[axis])),
    weight: axes.map((axis) => floats(heap, head[25 + axis], 4 * shape[axis])),
    origin: doubles(heap, at + 120, 3),
    step: doubles(heap, at + 144, 9),
    least: doubles(heap, at + 216, 3),
    most: doubles(heap, at + 240, 3),
  };
}

/** The places of one row of the crop: one entry for each of its voxels. */
export interface Row {
  /** First voxel of the cube around each place. */
  at: Int32Array;
  /** The voxel nearest to it; of two, the one whose number in the source is even. */
  nearest: Int32Array;
  /** Where in the cube the place is, 0…1, along each axis. */
  part: Float32Array[];
  /** Elastic displacement along each axis. */
  moved: Float32Array[];
  /** How much of the cube lies in the source, 0…1, where the border is constant. */
  covered: Float32Array;
  /** 1 where the nearest voxel would lie outside of the source. */
  beyond: Uint8Array;
}

export function createRow(n: number): Row {
  const three = (): Float32Array[] => [0, 1, 2].map(() => new Float32Array(n));
  return {
    at: new Int32Array(n),
    nearest: new Int32Array(n),
    part: three(),
    moved: three(),
    covered: new Float32Array(n),
    beyond: new Uint8Array(n),
  };
}

/** Σ of four numbers by their weights. */
function four(
  from: Float32Array,
  at: number,
  stride: number,
  weights: Float32Array,
  w: number,
): number {
  let sum = fround(from[at] * weights[w]);
  for (let k = 1; k < 4; k++) sum = fround(sum + fround(from[at + k * stride] * weights[w + k]));
  return sum;
}

/** The control points as they act on one plane of the crop. */
export function elasticPlane({ control, grid, cell, weight }: Job, x: number): Float32Array {
  const n = control[1] * control[2] * 4;
  return Float32Array.from({ length: n }, (_, i) =>
    four(grid, cell[0][x] * n + i, n, weight[0], 4 * x),
  );
}

/** The displacements of one row. */
export function elasticRow(job: Job, plane: Float32Array, y: number, row: Row): void {
  const { control, cell, weight } = job;
  const n = control[2] * 4;
  const line = Float32Array.from({ length: n }, (_, i) =>
    four(plane, cell[1][y] * n + i, n, weight[1], 4 * y),
  );
  for (let z = 0; z < job.shape[2]; z++) {
    for (let a = 0; a < 3; a++) {
      row.moved[a][z] = four(line, 4 * cell[2][z] + a, 4, weight[2], 4 * z);
    }
  }
}

/** So far from the outermost voxels' centers rounding cannot matter. */
const CLOSE = 1e-3;

/** The axes (1: x, 2: y, 4: z) along which a place of the row can come close to the border of the source, or leave it. */
export function leaves(job: Job, x: number, y: number): number {
  const { origin, step, start, shape, source, least, most } = job;
  let axes = 0;
  for (let a = 0; a < 3; a++) {
    const first = origin[a] + x * step[3 * a] + y * step[3 * a + 1] + start[a];
    const last = first + (shape[2] - 1) * step[3 * a + 2];
    const low = Math.min(first, last) + least[a];
    const high = Math.max(first, last) + most[a];
    if (low < CLOSE || high > source[a] - 1 - CLOSE) axes |= 1 << a;
  }
  return axes;
}

/** Folds a place that left the source back into it. */
function reflected(f: number, first: number, n: number): number {
  const period = 2 * n;
  const edge = fround(first - 0.5);
  let u = fround(f - edge);
  u = fround(u - fround(period * Math.floor(fround(u / period))));
  return fround(Math.min(u, fround(period - u)) + edge);
}

/** @param outside - the axes along which the row may leave the source */
export function placeRow(job: Job, x: number, y: number, row: Row, outside: number): void {
  const { window, margin, origin, step, border, source } = job;
  const stride = [window[1] * window[2], window[2], 1];
  const nz = job.shape[2];
  row.at.fill(0);
  row.nearest.fill(0);
  row.covered.fill(1);
  row.beyond.fill(0);
  for (let a = 0; a < 3; a++) {
    const start = origin[a] + x * step[3 * a] + y * step[3 * a + 1];
    const from = Math.min(Math.max(Math.floor(start), -1e6), 1e6);
    const first = fround(start - from);
    const along = fround(step[3 * a + 2]);
    const edge = window[a] - 1 - margin;
    const low = margin - from;
    const high = edge - from;
    const last = (edge > margin ? edge - 1 : edge) - from;
    const sourceFirst = -job.start[a] - from;
    const sourceEnd = source[a] - job.start[a] - from;
    const part = row.part[a];
    const moved = row.moved[a];
    const isOut = ((outside >> a) & 1) === 1;
    for (let z = 0; z < nz; z++) {
      let f = fround(fround(first + fround(z * along)) + moved[z]);
      if (isOut && border === BORDER.constant) {
        const after = fround(sourceEnd - f);
        const inside = Math.min(fround(fround(f - sourceFirst) + 1), after);
        row.covered[z] *= Math.max(Math.min(inside, 1), 0);
        if (inside < 0.5 || (source[a] % 2 === 0 && after === 0.5)) row.beyond[z] = 1;
      } else if (isOut && border === BORDER.reflect) f = reflected(f, sourceFirst, source[a]);
      if (isOut) f = Math.min(Math.max(f, low), high);
      const whole = isOut ? Math.min(Math.floor(f), last) : Math.floor(f);
      const p = fround(f - whole);
      part[z] = p;
      const i = whole + from;
      row.at[z] += i * stride[a];
      const isOdd = ((i + job.start[a]) & 1) === 1;
      row.nearest[z] += (i + (p > 0.5 || (p === 0.5 && isOdd) ? 1 : 0)) * stride[a];
    }
  }
}
