import type { Heap } from './api.js';
import { majorityOf } from './majority.js';
import {
  BORDER,
  createRow,
  elasticPlane,
  elasticRow,
  type Job,
  leaves,
  placeRow,
  type Row,
  readJob,
} from './place-row.js';
import { bytes, floats, halves } from './views.js';

const { fround } = Math;

/** How a field of a job is sampled; the numbers are those of wasm/augment/resample.c. */
export const FIELD = {
  linear: 1,
  cubic: 3,
  nearest: 0,
  nearest1: 10,
  nearest2: 11,
  majority1: 12,
  majority2: 13,
} as const;

const between = (a: number, b: number, part: number): number =>
  fround(a + fround(fround(b - a) * part));

type Sample = (row: Row, k: number) => number;

function linear(from: Float32Array, sy: number, sx: number): Sample {
  return ({ at, part }, k) => {
    const i = at[k];
    const x = part[0][k];
    const side = (j: number): number => between(from[j], from[j + sx], x);
    const a = between(side(i), side(i + sy), part[1][k]);
    const b = between(side(i + 1), side(i + sy + 1), part[1][k]);
    return between(a, b, part[2][k]);
  };
}

/** The four weights of a cubic B-spline at part t of a cell. */
function cubicWeights(t: number): number[] {
  const u = fround(1 - t);
  const sixth = fround(1 / 6);
  const corner = (v: number): number => fround(fround(fround(v * v) * v) * sixth);
  const middle = (v: number): number => {
    const square = fround(fround(6 * v) * v);
    const cube = fround(fround(fround(3 * v) * v) * v);
    return fround(fround(fround(4 - square) + cube) * sixth);
  };
  return [corner(u), middle(t), middle(u), corner(t)];
}

function cubic(from: Float32Array, sy: number, sx: number): Sample {
  const sums = new Float32Array(4);
  return ({ at, part }, k) => {
    const [x, y, z] = [0, 1, 2].map((axis) => cubicWeights(part[axis][k]));
    const first = at[k] - sx - sy - 1;
    sums.fill(0);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        const w = fround(x[a] * y[b]);
        for (let c = 0; c < 4; c++) sums[c] += fround(from[first + a * sx + b * sy + c] * w);
      }
    for (let c = 0; c < 4; c++) sums[c] *= z[c];
    return fround(sums[0] + sums[1]) + fround(sums[2] + sums[3]);
  };
}

function majority(from: Uint8Array | Uint16Array, sy: number, sx: number, fill: number): Sample {
  const corners = [0, 1, sy, sy + 1, sx, sx + 1, sx + sy, sx + sy + 1];
  return ({ at, part, nearest, covered, beyond }, k) => {
    const labels = corners.map((corner) => from[at[k] + corner]);
    if (covered[k] === 1 && labels.every((label) => label === labels[0])) return labels[0];
    const places = part.map((along) => along[k]);
    const own = beyond[k] ? fill : from[nearest[k]];
    return majorityOf(labels, places, own, covered[k], fill);
  };
}

const nearest =
  (from: ArrayLike<number>, fill: number): Sample =>
  (row, k) =>
    row.beyond[k] ? fill : from[row.nearest[k]];

/** What the source does not cover is filled. */
const covering =
  (sample: Sample, fill: number): Sample =>
  (row, k) =>
    fround(fround(fround(sample(row, k) - fill) * row.covered[k]) + fill);

function sampler(heap: Heap, job: Job, { kind, source, fill }: Job['fields'][number]) {
  const [wx, wy, wz] = job.window;
  const n = wx * wy * wz;
  const sy = wy > 1 ? wz : 0;
  const sx = wx > 1 ? wy * wz : 0;
  if (kind === FIELD.linear) {
    // One more, because cubes of an axis of one voxel reach beyond it; with a weight of 0.
    const plain = linear(floats(heap, source, n + 1), sy, sx);
    return { plain, outside: job.border === BORDER.constant ? covering(plain, fill) : plain };
  }
  let plain: Sample;
  if (kind === FIELD.cubic) plain = cubic(floats(heap, source, n), sy, sx);
  else if (kind === FIELD.nearest) plain = nearest(floats(heap, source, n), fill);
  else if (kind === FIELD.nearest1) plain = nearest(bytes(heap, source, n), fill);
  else if (kind === FIELD.nearest2) plain = nearest(halves(heap, source, n), fill);
  else if (kind === FIELD.majority1) plain = majority(bytes(heap, source, n + 1), sy, sx, fill);
  else plain = majority(halves(heap, source, n + 1), sy, sx, fill);
  return { plain, outside: plain };
}

function target(heap: Heap, kind: number, at: number, n: number) {
  if (kind === FIELD.nearest1 || kind === FIELD.majority1) return bytes(heap, at, n);
  if (kind === FIELD.nearest2 || kind === FIELD.majority2) return halves(heap, at, n);
  return floats(heap, at, n);
}

export function resample(heap: Heap, at: number): void {
  const job = readJob(heap, at);
  const [nx, ny, nz] = job.shape;
  const row = createRow(nz);
  const fields = job.fields.map((field) => ({
    ...sampler(heap, job, field),
    to: target(heap, field.kind, field.target, nx * ny * nz),
  }));
  const elastic = job.control[0] > 0;
  for (let x = 0; x < nx; x++) {
    const plane = elastic ? elasticPlane(job, x) : null;
    for (let y = 0; y < ny; y++) {
      if (plane !== null) elasticRow(job, plane, y, row);
      const axes = leaves(job, x, y);
      placeRow(job, x, y, row, axes);
      const first = (x * ny + y) * nz;
      for (const { plain, outside, to } of fields) {
        const sample = axes !== 0 ? outside : plain;
        for (let k = 0; k < nz; k++) to[first + k] = sample(row, k);
      }
    }
  }
}
