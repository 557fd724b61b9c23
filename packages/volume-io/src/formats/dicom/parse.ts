import { VolumeIoError } from '../../errors.js';
import { DataSet, type DicomElement, type Encoding } from './dataset.js';
import { formatTag, Tag } from './tags.js';

/** Thrown when the bytes at hand end inside what is being parsed, and the file goes on: read at least up to `until`. */
export class NeedMoreBytes extends Error {
  readonly until: number;
  constructor(until: number) {
    super(`more bytes needed, up to ${until}`);
    this.until = until;
  }
}

export interface ParseOpts {
  readonly encoding: Encoding;
  /** Where the data set ends; may lie beyond the bytes at hand. */
  readonly end: number;
  /** Tag at which to stop; its element is recorded, without its value having to be there. */
  readonly stopAt?: (tag: number) => boolean;
  /** Stop before the first element of another group. */
  readonly group?: number;
}

export interface ParseResult {
  readonly dataSet: DataSet;
  /** The element that `stopAt` chose. */
  readonly stopped?: DicomElement;
  /** The data set ends before its own lengths say so. */
  readonly truncated: boolean;
  /** Where parsing stopped. */
  readonly at: number;
}

/** Sequences in sequences deeper than this are no image header. */
const MAX_DEPTH = 32;

/** VRs with a 32-bit length after two reserved bytes in explicit encoding. */
const LONG = new Set([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
]);

interface ElementHead {
  tag: number;
  vr: string;
  start: number;
  /** 0xffffffff: undefined. */
  length: number;
}

const UNDEFINED = 0xffffffff;
const IMPLICIT: Encoding = { explicit: false, littleEndian: true };

/**
 * Parses a data set from `start`. Sequences are stepped over, not decoded: see `sequenceItems`.
 * Throws NeedMoreBytes when the bytes end before `opts.end`, VolumeIoError 'corrupt' for impossible structure.
 */
export function parseDataSet(bytes: Uint8Array, start: number, opts: ParseOpts): ParseResult {
  const dataSet = new DataSet(bytes, opts.encoding);
  let at = start;
  while (at + 8 <= opts.end) {
    if (opts.group !== undefined && groupAt(dataSet.view, at, opts.encoding) !== opts.group) break;
    const head = readElementHead(dataSet.view, at, opts.encoding, opts.end);
    if (!head) return { dataSet, truncated: true, at };
    const { tag, vr } = head;
    if (tag === Tag.ItemDelimitation || tag === Tag.SequenceDelimitation) break;
    const undefinedLength = head.length === UNDEFINED;
    if (opts.stopAt?.(tag)) {
      const length = undefinedLength ? opts.end - head.start : head.length;
      return {
        dataSet,
        stopped: { tag, vr, start: head.start, length, undefinedLength },
        truncated: false,
        at,
      };
    }
    let next: number;
    let length = head.length;
    if (undefinedLength) {
      const found = skipUndefined(dataSet.view, head, opts, 0);
      if (found === undefined) return { dataSet, truncated: true, at };
      length = found.valueEnd - head.start;
      next = found.next;
    } else {
      next = head.start + length;
      if (next > opts.end) return { dataSet, truncated: true, at };
      if (next > bytes.length) throw new NeedMoreBytes(next);
    }
    dataSet.elements.set(tag, { tag, vr, start: head.start, length, undefinedLength });
    at = next;
  }
  return { dataSet, truncated: at < opts.end && at + 8 > opts.end, at };
}

/** The items of a sequence; empty when the tag is absent. */
export function sequenceItems(dataSet: DataSet, tag: number): DataSet[] {
  const element = dataSet.elements.get(tag);
  if (!element || element.length === 0) return [];
  const { view, bytes } = dataSet;
  // A sequence whose VR was lost on the way ('UN') is implicit little endian inside.
  const encoding = element.vr === 'UN' ? IMPLICIT : dataSet.encoding;
  const end = element.start + element.length;
  const items: DataSet[] = [];
  let at = element.start;
  while (at + 8 <= end) {
    const head = readElementHead(view, at, encoding, end);
    if (!head || head.tag !== Tag.Item) break;
    let itemEnd: number;
    let next: number;
    if (head.length === UNDEFINED) {
      const found = skipItem(view, head.start, { encoding, end }, 0);
      if (!found) break;
      itemEnd = found.valueEnd;
      next = found.next;
    } else {
      itemEnd = next = Math.min(head.start + head.length, end);
    }
    items.push(parseDataSet(bytes, head.start, { encoding, end: itemEnd }).dataSet);
    at = next;
  }
  return items;
}

/** undefined: the data set ends inside this head. */
function readElementHead(
  view: DataView,
  at: number,
  encoding: Encoding,
  end: number,
): ElementHead | undefined {
  if (at + 8 > end) return undefined;
  need(view, at + 8);
  const le = encoding.littleEndian;
  const tag = ((view.getUint16(at, le) << 16) | view.getUint16(at + 2, le)) >>> 0;
  if (!encoding.explicit || tag >>> 16 === 0xfffe) {
    return { tag, vr: '', start: at + 8, length: view.getUint32(at + 4, le) };
  }
  const a = view.getUint8(at + 4);
  const b = view.getUint8(at + 5);
  const vr = String.fromCharCode(a, b);
  if (LONG.has(vr)) {
    if (at + 12 > end) return undefined;
    need(view, at + 12);
    return { tag, vr, start: at + 12, length: view.getUint32(at + 8, le) };
  }
  if (isLetter(a) && isLetter(b)) {
    return { tag, vr, start: at + 8, length: view.getUint16(at + 6, le) };
  }
  // Some writers slip implicit elements into explicit data sets; a length that fits the data set tells.
  const length = view.getUint32(at + 4, le);
  if (length !== UNDEFINED && at + 8 + length > end) {
    throw new VolumeIoError(
      'corrupt',
      `DICOM element ${formatTag(tag)} at byte ${at} has the impossible value representation '${printable(a)}${printable(b)}'`,
    );
  }
  return { tag, vr: '', start: at + 8, length };
}

interface Skipped {
  valueEnd: number;
  next: number;
}

/** Finds the end of a value of undefined length: a sequence, or fragments. */
function skipUndefined(
  view: DataView,
  head: ElementHead,
  opts: ParseOpts,
  depth: number,
): Skipped | undefined {
  if (depth > MAX_DEPTH) {
    throw new VolumeIoError('corrupt', `DICOM sequences nest deeper than ${MAX_DEPTH}`);
  }
  const encoding = head.vr === 'UN' ? IMPLICIT : opts.encoding;
  let at = head.start;
  for (;;) {
    const item = readElementHead(view, at, encoding, opts.end);
    if (!item) return undefined;
    if (item.tag === Tag.SequenceDelimitation) return { valueEnd: at, next: item.start };
    if (item.tag !== Tag.Item) {
      throw new VolumeIoError(
        'corrupt',
        `DICOM sequence ${formatTag(head.tag)} holds ${formatTag(item.tag)} at byte ${at}, where an item must be`,
      );
    }
    if (item.length === UNDEFINED) {
      const found = skipItem(view, item.start, { encoding, end: opts.end }, depth + 1);
      if (!found) return undefined;
      at = found.next;
    } else {
      at = item.start + item.length;
      if (at > opts.end) return undefined;
    }
  }
}

/** Finds the end of an item of undefined length. */
function skipItem(
  view: DataView,
  start: number,
  opts: ParseOpts,
  depth: number,
): Skipped | undefined {
  let at = start;
  for (;;) {
    const head = readElementHead(view, at, opts.encoding, opts.end);
    if (!head) return undefined;
    if (head.tag === Tag.ItemDelimitation) return { valueEnd: at, next: head.start };
    if (head.tag === Tag.SequenceDelimitation) return { valueEnd: at, next: at };
    if (head.length === UNDEFINED) {
      const found = skipUndefined(view, head, opts, depth + 1);
      if (!found) return undefined;
      at = found.next;
    } else {
      at = head.start + head.length;
      if (at > opts.end) return undefined;
    }
  }
}

function groupAt(view: DataView, at: number, encoding: Encoding): number {
  need(view, at + 2);
  return view.getUint16(at, encoding.littleEndian);
}

function need(view: DataView, until: number): void {
  if (until > view.byteLength) throw new NeedMoreBytes(until);
}

const isLetter = (c: number): boolean => c >= 0x41 && c <= 0x5a;
const printable = (c: number): string => (c > 32 && c < 127 ? String.fromCharCode(c) : '?');
