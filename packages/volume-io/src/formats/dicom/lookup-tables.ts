import { VolumeIoError } from '../../errors.js';
import type { DataSet } from './dataset.js';
import type { ImageAttributes } from './image-attributes.js';
import { sequenceItems } from './parse.js';
import { Tag } from './tags.js';

/** Stored value → red, green, blue. Values below `first` take the first entry, values above the last. */
export interface Palette {
  readonly first: number;
  readonly red: Uint16Array;
  readonly green: Uint16Array;
  readonly blue: Uint16Array;
  readonly bits: number;
}

/** Stored value → value, in place of slope and intercept. */
export interface ModalityLut {
  readonly first: number;
  readonly values: Uint16Array;
}

/** The colour table of a 'PALETTE COLOR' image. Throws VolumeIoError 'corrupt' or 'unsupported'. */
export function readPalette(ds: DataSet): Palette {
  const red = descriptor(ds, Tag.RedPaletteDescriptor);
  const tables = (
    [
      [Tag.RedPaletteDescriptor, Tag.RedPaletteData, Tag.SegmentedRedPaletteData],
      [Tag.GreenPaletteDescriptor, Tag.GreenPaletteData, Tag.SegmentedGreenPaletteData],
      [Tag.BluePaletteDescriptor, Tag.BluePaletteData, Tag.SegmentedBluePaletteData],
    ] as const
  ).map(
    ([head, plain, segmented]) =>
      readTable(ds, head, plain) ?? readSegmentedTable(ds, head, segmented),
  );
  if (!red || !tables[0] || !tables[1] || !tables[2]) {
    throw new VolumeIoError('unsupported', 'a DICOM palette image without its palette');
  }
  return { first: red.first, red: tables[0], green: tables[1], blue: tables[2], bits: red.bits };
}

/** The modality table of an image that has one instead of slope and intercept. */
export function readModalityLut(ds: DataSet, image: ImageAttributes): ModalityLut | undefined {
  const item = sequenceItems(ds, Tag.ModalityLutSequence)[0];
  if (!item || image.kind === 'float') return undefined;
  const head = descriptor(item, Tag.LutDescriptor, image.signed);
  const values = readTable(item, Tag.LutDescriptor, Tag.LutData);
  return head && values ? { first: head.first, values } : undefined;
}

interface Descriptor {
  entries: number;
  first: number;
  bits: number;
}

function descriptor(ds: DataSet, tag: number, signed = false): Descriptor | undefined {
  const [entries, first, bits] = ds.numbers(tag, 'US');
  if (entries === undefined || first === undefined || bits === undefined) return undefined;
  if (bits < 1 || bits > 16) {
    throw new VolumeIoError('corrupt', `a DICOM lookup table states ${bits} bits per entry`);
  }
  return {
    // 65536 does not fit 16 bits and is written as 0.
    entries: entries & 0xffff || 65536,
    first: signed && first > 0x7fff ? first - 0x10000 : first,
    bits,
  };
}

function readTable(ds: DataSet, headTag: number, dataTag: number): Uint16Array | undefined {
  const head = descriptor(ds, headTag);
  const raw = ds.raw(dataTag);
  if (!head || !raw) return undefined;
  const { entries, bits } = head;
  const out = new Uint16Array(entries);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const little = ds.encoding.littleEndian;
  if (raw.length >= entries * 2) {
    for (let n = 0; n < entries; n++) out[n] = view.getUint16(n * 2, little);
  } else if (raw.length >= entries && bits <= 8) {
    out.set(raw.subarray(0, entries));
  } else {
    throw new VolumeIoError(
      'truncated',
      `a DICOM lookup table of ${entries} entries has ${raw.length} bytes`,
    );
  }
  return out;
}

/** A table written as runs (PS3.3, C.7.9.2): values as they are, straight lines, and repeats of earlier runs. */
function readSegmentedTable(
  ds: DataSet,
  headTag: number,
  dataTag: number,
): Uint16Array | undefined {
  const head = descriptor(ds, headTag);
  const raw = ds.raw(dataTag);
  if (!head || !raw) return undefined;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const width = head.bits > 8 ? 2 : 1;
  const words = Array.from({ length: Math.floor(raw.length / width) }, (_, n) =>
    width === 2 ? view.getUint16(2 * n, ds.encoding.littleEndian) : raw[n],
  );
  const out = new Uint16Array(head.entries);
  const filled = expandSegments(
    words,
    width,
    { from: 0, segments: words.length, repeats: true },
    out,
    0,
  );
  if (filled < out.length) {
    throw new VolumeIoError(
      'truncated',
      `a segmented DICOM lookup table ends after ${filled} entries`,
    );
  }
  return out;
}

function expandSegments(
  words: readonly number[],
  width: number,
  range: { from: number; segments: number; repeats: boolean },
  out: Uint16Array,
  start: number,
): number {
  let at = range.from;
  let filled = start;
  for (let n = 0; n < range.segments && at + 1 < words.length && filled < out.length; n++) {
    const [kind, length] = [words[at], words[at + 1]];
    if (kind === 0) {
      for (let k = 0; k < length && filled < out.length; k++)
        out[filled++] = words[at + 2 + k] ?? 0;
      at += 2 + length;
    } else if (kind === 1 && filled > 0) {
      const first = out[filled - 1];
      const last = words[at + 2] ?? 0;
      for (let k = 1; k <= length && filled < out.length; k++) {
        out[filled++] = Math.round(first + ((last - first) * k) / length);
      }
      at += 3;
    } else if (kind === 2 && range.repeats) {
      // The offset is in bytes, low part first, in two words of 16 bits or four of 8.
      const parts = words.slice(at + 2, at + 2 + (width === 2 ? 2 : 4));
      const offset = parts.reduceRight((sum, part) => sum * (width === 2 ? 65536 : 256) + part, 0);
      const repeated = { from: offset / width, segments: length, repeats: false };
      filled = expandSegments(words, width, repeated, out, filled);
      at += 2 + parts.length;
    } else {
      throw new VolumeIoError('corrupt', 'a segmented DICOM lookup table is broken');
    }
  }
  return filled;
}
