import type { Region } from '../api.js';
import { fill } from '../bytes/fill.js';
import { throwIfAborted } from '../bytes/payload.js';
import { payloadRange } from '../bytes/payload-range.js';
import { BYTES } from './stored-type.js';
import type { VoxelPlan } from './voxel-plan.js';

/** A slice's rows are read at once unless that is more than this, and mostly unwanted. */
const WIDE_SPAN = 1 << 20;
/** Slices are given together up to this many bytes: each step takes time, and a buffer beyond the cache does too. */
const TOGETHER = 1 << 16;

/** Bytes of a region within a volume: rows of `wanted` bytes every `row` bytes, `rows` of them every `slice` bytes. */
interface Grid {
  /** In the decompressed payload. */
  start: number;
  wanted: number;
  row: number;
  rows: number;
  slice: number;
  slices: number;
}

/**
 * The stored bytes of a region, as many slices at a time as make a piece. Only the rows that the region needs are read of an
 * uncompressed file; a compressed one is decompressed up to the region's end, and not kept.
 * A piece is valid until the next is asked for. All components of a voxel must lie together.
 */
export async function* regionRange(
  plan: VoxelPlan,
  volume: number,
  region: Region,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const grid = regionGrid(plan, volume, region);
  const { row, rows, wanted, slice, slices } = grid;
  const { payload } = plan;
  const span = (rows - 1) * row + wanted;
  if (payload.packing) {
    const length = (slices - 1) * slice + span;
    yield* pickRows(payloadRange(payload, grid.start, length, signal), grid);
    return;
  }
  const sparse = span > WIDE_SPAN && row > 16 * wanted;
  const together = Math.min(slices, Math.max(1, Math.floor(TOGETHER / (wanted * rows))));
  const bytes = borrow((together - 1) * wanted * rows + (sparse ? wanted * rows : span));
  try {
    for (let first = 0; first < slices; first += together) {
      throwIfAborted(signal, payload.source.name);
      const count = Math.min(together, slices - first);
      for (let n = 0; n < count; n++) {
        const from = payload.start + grid.start + (first + n) * slice;
        // What a span brings beyond the wanted rows is overwritten by the next slice.
        const to = n * wanted * rows;
        if (sparse) {
          await readRows(plan, from, grid, bytes, to);
        } else {
          const waiting = fill(payload.source, from, bytes.subarray(to, to + span));
          if (waiting) await waiting;
          joinRows(bytes, to, grid);
        }
      }
      yield bytes.subarray(0, count * wanted * rows);
    }
  } finally {
    giveBack(bytes);
  }
}

/** Of the last region: to get fresh memory takes as long as to read a slice. */
let spare: Uint8Array | undefined;
const MOST_SPARE = 1 << 20;

/** At least `length` bytes, for one region until they are given back. */
function borrow(length: number): Uint8Array {
  const bytes = spare;
  spare = undefined;
  return bytes && bytes.length >= length ? bytes : new Uint8Array(length);
}

function giveBack(bytes: Uint8Array): void {
  if (bytes.length <= MOST_SPARE) spare = bytes;
}

function regionGrid(plan: VoxelPlan, volume: number, region: Region): Grid {
  const element = BYTES[plan.type] * plan.components;
  // From the axis that runs fastest in the file to the slowest.
  const [fast, mid, slow] = plan.order === 'ijk' ? ([0, 1, 2] as const) : ([2, 1, 0] as const);
  const row = plan.shape[fast] * element;
  const slice = row * plan.shape[mid];
  return {
    start:
      plan.offset +
      (volume * plan.shape[slow] + region.start[slow]) * slice +
      region.start[mid] * row +
      region.start[fast] * element,
    wanted: region.size[fast] * element,
    row,
    rows: region.size[mid],
    slice,
    slices: region.size[slow],
  };
}

async function readRows(
  plan: VoxelPlan,
  from: number,
  grid: Grid,
  bytes: Uint8Array,
  to: number,
): Promise<void> {
  const { wanted } = grid;
  for (let m = 0; m < grid.rows; m++) {
    const target = bytes.subarray(to + m * wanted, to + (m + 1) * wanted);
    const waiting = fill(plan.payload.source, from + m * grid.row, target);
    if (waiting) await waiting;
  }
}

/** Moves the wanted parts of a slice's rows together in place, which makes no object a row. */
function joinRows(bytes: Uint8Array, to: number, { wanted, row, rows }: Grid): void {
  for (let m = 1; m < rows; m++) {
    const at = to + m * row;
    bytes.copyWithin(to + m * wanted, at, at + wanted);
  }
}

/** What belongs to the region of bytes that begin with its first one, in pieces that may end within an element. */
async function* pickRows(
  chunks: AsyncIterable<Uint8Array>,
  { wanted, row, rows, slice, slices }: Grid,
): AsyncGenerator<Uint8Array> {
  const out = new Uint8Array(Math.min(TOGETHER, wanted * rows * slices));
  let filled = 0;
  /** Rows done, and bytes of the next one. */
  let done = 0;
  let got = 0;
  let position = 0;
  for await (const chunk of chunks) {
    const end = position + chunk.byteLength;
    while (done < rows * slices) {
      const from = Math.floor(done / rows) * slice + (done % rows) * row + got;
      if (from >= end) break;
      const length = Math.min(wanted - got, end - from, out.byteLength - filled);
      out.set(chunk.subarray(from - position, from - position + length), filled);
      filled += length;
      got += length;
      if (got === wanted) {
        done++;
        got = 0;
      }
      if (filled === out.byteLength) {
        yield out;
        filled = 0;
      }
    }
    position = end;
  }
  yield out.subarray(0, filled);
}
