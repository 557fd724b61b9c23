import { concatBytes } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';

interface Fragment {
  /** Offset of the item's tag. */
  tagAt: number;
  start: number;
  end: number;
}

export interface Fragments {
  /** The first one is the offset table. */
  readonly items: readonly Fragment[];
  /** Where the last one ends, which may lie beyond the bytes at hand. */
  readonly end: number;
  /** The delimiter after the last one was found. */
  readonly complete: boolean;
}

/** The items of encapsulated pixel data (PS3.5, A.4), as far as the bytes go. Throws VolumeIoError 'corrupt'. */
export function readFragments(bytes: Uint8Array): Fragments {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: Fragment[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const group = view.getUint16(at, true);
    const element = view.getUint16(at + 2, true);
    if (group !== 0xfffe || element !== 0xe000) {
      if (group === 0xfffe && element === 0xe0dd) return { items, end: at, complete: true };
      throw new VolumeIoError('corrupt', 'the compressed pixel data is not divided into items');
    }
    const start = at + 8;
    const end = start + view.getUint32(at + 4, true);
    items.push({ tagAt: at, start, end });
    at = end;
  }
  return { items, end: at, complete: false };
}

/**
 * The compressed frames. Frames in several fragments are put together by the offset table, or where it is empty by the
 * first bytes of their codestreams. Throws VolumeIoError 'truncated' or 'corrupt'.
 */
export function splitFrames(bytes: Uint8Array, found: Fragments, frames: number): Uint8Array[] {
  const [table, ...fragments] = found.items;
  if (!table || fragments.length === 0) {
    throw new VolumeIoError('truncated', 'the compressed pixel data has no fragments');
  }
  if (found.end > bytes.length) {
    throw new VolumeIoError('truncated', 'the compressed pixel data ends within a fragment');
  }
  const body = (f: Fragment): Uint8Array => bytes.subarray(f.start, f.end);
  if (fragments.length < frames) {
    throw new VolumeIoError(
      'truncated',
      `the file promises ${frames} frames, but holds ${fragments.length} compressed fragments`,
    );
  }
  if (fragments.length === frames) return fragments.map(body);
  const groups = frames === 1 ? [fragments] : groupFragments(bytes, table, fragments, frames);
  return groups.map((group) => {
    const parts = group.map(body);
    return concatBytes(
      parts,
      parts.reduce((sum, p) => sum + p.length, 0),
    );
  });
}

function groupFragments(
  bytes: Uint8Array,
  table: Fragment,
  fragments: readonly Fragment[],
  frames: number,
): Fragment[][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = new Set<number>();
  for (let at = table.start; at + 4 <= table.end; at += 4) {
    offsets.add(fragments[0].tagAt + view.getUint32(at, true));
  }
  const byTable = group(fragments, (f) => offsets.has(f.tagAt));
  if (byTable.length === frames) return byTable;
  const byStart = group(fragments, (f) => startsCodestream(bytes, f.start));
  if (byStart.length === frames) return byStart;
  throw new VolumeIoError(
    'corrupt',
    `${fragments.length} compressed fragments cannot be told apart into ${frames} frames`,
  );
}

function group(fragments: readonly Fragment[], isFirst: (f: Fragment) => boolean): Fragment[][] {
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const last = groups[groups.length - 1];
    if (!last || isFirst(fragment)) groups.push([fragment]);
    else last.push(fragment);
  }
  return groups;
}

/** JPEG and JPEG-LS start with FFD8 FF, JPEG 2000 with FF4F FF51. */
function startsCodestream(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0xff &&
    bytes[at + 2] === 0xff &&
    (bytes[at + 1] === 0xd8 || bytes[at + 1] === 0x4f)
  );
}
