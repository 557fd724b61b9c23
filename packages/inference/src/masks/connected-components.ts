import { sizeOf, toCOrder } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';

/** Which voxels are neighbors: those that share a face; an edge too; a corner too. */
export type Connectivity = 6 | 18 | 26;

/** The connected parts of a mask. */
export interface Components {
  /** The number of each voxel's part, from 1 in the order of their first voxels; 0 outside. [x, y, z], C order. */
  readonly labels: NdArray<Int32Array>;
  /** Voxels of each part; that of part n is at n − 1. */
  readonly sizes: readonly number[];
}

/**
 * Finds the connected parts of a mask, in linear time: voxels in a row are one run, and runs that touch those of rows before are
 * united.
 *
 * @param mask - Not 0 inside; [x, y, z], any strides; only read.
 */
export function connectedComponents(
  mask: NdArray<Uint8Array>,
  connectivity: Connectivity = 26,
): Components {
  const [nx, ny, nz] = mask.shape;
  const data = toCOrder(mask);
  const { starts, ends, firsts } = runsOf(data, nx * ny, nz);
  const parents = Int32Array.from(starts, (_, n) => n);
  const find = (n: number): number => {
    let root = n;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  };
  const unite = (a: number, b: number): void => {
    const [one, other] = [find(a), find(b)];
    // The first run of a part stands for it.
    if (one < other) parents[other] = one;
    else parents[one] = other;
  };
  const before = rowsBefore(connectivity);
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      const row = x * ny + y;
      if (firsts[row] === firsts[row + 1]) continue;
      for (const { dx, dy, reach } of before) {
        if (x + dx < 0 || y + dy < 0 || y + dy >= ny) continue;
        const other = row + dx * ny + dy;
        let [a, b] = [firsts[row], firsts[other]];
        while (a < firsts[row + 1] && b < firsts[other + 1]) {
          // Ends are exclusive, so that runs which touch by a corner are one apart.
          if (starts[a] < ends[b] + reach && starts[b] < ends[a] + reach) unite(a, b);
          if (ends[a] < ends[b]) a++;
          else b++;
        }
      }
    }
  }
  const labels = new Int32Array(sizeOf([nx, ny, nz]));
  const numbers = new Int32Array(starts.length);
  const sizes: number[] = [];
  for (let row = 0; row < nx * ny; row++) {
    for (let run = firsts[row]; run < firsts[row + 1]; run++) {
      const root = find(run);
      if (root === run) numbers[run] = sizes.push(0);
      const number = numbers[root];
      sizes[number - 1] += ends[run] - starts[run];
      labels.fill(number, row * nz + starts[run], row * nz + ends[run]);
    }
  }
  return { labels: ndarray(labels, [nx, ny, nz]), sizes };
}

/** Rows that were seen before one and hold neighbors of its voxels, and how far past its ends these lie. */
function rowsBefore(connectivity: Connectivity): { dx: number; dy: number; reach: number }[] {
  const beside = connectivity === 6 ? 0 : 1;
  const faces = [
    { dx: -1, dy: 0, reach: beside },
    { dx: 0, dy: -1, reach: beside },
  ];
  if (connectivity === 6) return faces;
  const reach = connectivity === 26 ? 1 : 0;
  return [...faces, { dx: -1, dy: -1, reach }, { dx: -1, dy: 1, reach }];
}

/** Where runs start and end (exclusive) in their rows, and the first run of each row, with the count of all at the end. */
function runsOf(
  data: Uint8Array,
  rows: number,
  length: number,
): { starts: readonly number[]; ends: readonly number[]; firsts: Int32Array } {
  const starts: number[] = [];
  const ends: number[] = [];
  const firsts = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const at = row * length;
    let isInside = false;
    for (let n = 0; n < length; n++) {
      if ((data[at + n] !== 0) === isInside) continue;
      isInside = !isInside;
      (isInside ? starts : ends).push(n);
    }
    if (isInside) ends.push(length);
    firsts[row + 1] = starts.length;
  }
  return { starts, ends, firsts };
}
