import type { Region, Vec3 } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { BytesSource } from '../source/bytes-source.js';
import { throwIfAborted } from '../source/payload.js';
import { payloadRange } from '../source/payload-range.js';
import { trustedBytes } from '../source/trusted-bytes.js';
import { BYTES } from './stored-type.js';
import type { VoxelPlan } from './voxel-plan.js';

/** A whole slice's rows are read at once unless that is more than this, and mostly unwanted. */
const WIDE_SPAN = 1 << 20;

/** Throws VolumeIoError 'bad-argument' unless the region is inside `shape`, with at least one voxel. */
export function checkRegion(region: Region, shape: Vec3, file: string): void {
  const { start, size } = region;
  for (let axis = 0; axis < 3; axis++) {
    const from = start[axis];
    const n = size[axis];
    const fits =
      Number.isInteger(from) &&
      Number.isInteger(n) &&
      from! >= 0 &&
      n! >= 1 &&
      from! + n! <= shape[axis]!;
    if (!fits) {
      throw new VolumeIoError(
        'bad-argument',
        `the region from ${start.join(',')} of ${size.join('×')} voxels is not inside the volume's ${shape.join('×')}`,
        { file },
      );
    }
  }
}

/**
 * Gathers the stored bytes of a region and gives a plan of just these, still in stored form. Only the rows that the
 * region needs are read of an uncompressed file; a compressed one is decompressed up to the region's end, and not kept.
 */
export async function gatherRegion(
  plan: VoxelPlan,
  volume: number,
  region: Region,
  signal?: AbortSignal,
): Promise<VoxelPlan> {
  const { payload, shape, components } = plan;
  const element = BYTES[plan.type] * components;
  const flip = plan.order === 'kji';
  const [nFast, nMid, nSlow] = flip ? [shape[2], shape[1], shape[0]] : shape;
  const [fast, mid, slow] = flip ? [2, 1, 0] : [0, 1, 2];
  const at = (axis: number): number => region.start[axis]!;
  const many = (axis: number): number => region.size[axis]!;

  const row = nFast! * element;
  const slice = row * nMid!;
  const base = plan.offset + volume * slice * nSlow!;
  await trustedBytes(payload, base + slice * nSlow!);
  const wanted = many(fast!) * element;
  const out = new Uint8Array(wanted * many(mid!) * many(slow!));

  const sliceStart = (n: number): number =>
    base + (at(slow!) + n) * slice + at(mid!) * row + at(fast!) * element;
  const span = (many(mid!) - 1) * row + wanted;
  if (payload.packing) {
    const from = sliceStart(0);
    const length = sliceStart(many(slow!) - 1) + span - from;
    let seen = 0;
    for await (const chunk of payloadRange(payload, from, length, signal)) {
      scatter(chunk, seen, { out, wanted, row, rows: many(mid!), slice });
      seen += chunk.byteLength;
    }
  } else if (span > WIDE_SPAN && row > 16 * wanted) {
    for (let n = 0; n < many(slow!); n++) {
      for (let m = 0; m < many(mid!); m++) {
        const target = out.subarray((n * many(mid!) + m) * wanted).subarray(0, wanted);
        await payload.source.readInto(payload.start + sliceStart(n) + m * row, target);
      }
    }
  } else {
    const rows = new Uint8Array(span);
    const file = payload.source.name;
    for (let n = 0; n < many(slow!); n++) {
      throwIfAborted(signal, file);
      const got = await payload.source.readInto(payload.start + sliceStart(n), rows);
      if (got < span)
        throw new VolumeIoError('truncated', 'became shorter while it was read', { file });
      // The rows' wanted parts are moved together in place, which makes no object a row.
      for (let m = 1; m < many(mid!); m++) {
        rows.copyWithin(m * wanted, m * row, m * row + wanted);
      }
      const length = wanted * many(mid!);
      out.set(rows.subarray(0, length), n * length);
    }
  }
  return {
    ...plan,
    payload: {
      source: new BytesSource(out, payload.source.name),
      start: 0,
      length: out.byteLength,
    },
    offset: 0,
    shape: [...region.size],
    volumes: 1,
  };
}

interface Scatter {
  out: Uint8Array;
  /** Bytes wanted of each row. */
  wanted: number;
  row: number;
  rows: number;
  slice: number;
}

/** Copies what belongs to the region from a chunk that begins `position` bytes after the region's first byte. */
function scatter(chunk: Uint8Array, position: number, to: Scatter): void {
  const end = position + chunk.byteLength;
  for (let n = Math.floor(position / to.slice); n * to.slice < end; n++) {
    const first = Math.max(0, Math.floor((position - n * to.slice) / to.row));
    for (let m = first; m < to.rows; m++) {
      const rowStart = n * to.slice + m * to.row;
      if (rowStart >= end) break;
      const from = Math.max(rowStart, position);
      const until = Math.min(rowStart + to.wanted, end);
      if (until <= from) continue;
      const target = (n * to.rows + m) * to.wanted + (from - rowStart);
      to.out.set(chunk.subarray(from - position, until - position), target);
    }
  }
}
