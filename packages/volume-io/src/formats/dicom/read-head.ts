import type { ByteSource } from '../../bytes/api.js';
import { type Payload, unpackedHead } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import type { DataSet, DicomElement, Encoding } from './dataset.js';
import { firstElementOffset, guessEncoding, isDicom, vrAt } from './detect.js';
import { NeedMoreBytes, type ParseResult, parseDataSet } from './parse.js';
import { Tag } from './tags.js';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  findTransferSyntax,
  GE_PRIVATE,
  IMPLICIT_LITTLE,
  type TransferSyntax,
} from './transfer-syntax.js';

/** Everything before the pixel data of one file. */
export interface DicomHead {
  readonly dataSet: DataSet;
  readonly syntax: TransferSyntax;
  /** The transfer syntax stated by the file, when this package cannot decode its pixels. */
  readonly unknownSyntax?: string;
  /** Where the pixel data lies: offsets count from the start of the file, or of the inflated data set. */
  readonly pixels?: DicomElement;
  /** Where the deflated data set starts in the file. */
  readonly deflatedAt?: number;
  readonly truncated: boolean;
  readonly notes: string[];
}

/** Enough for the header of nearly every slice; one read. */
const FIRST_READ = 16384;
const GROWTH = 4;

const isPixelTag = (tag: number): boolean =>
  tag === Tag.PixelData || tag === Tag.FloatPixelData || tag === Tag.DoubleFloatPixelData;

/**
 * Reads the part of a file before its pixel data, and no more of the file than that takes.
 * Throws VolumeIoError 'corrupt', 'truncated' or 'unsupported'.
 */
export async function readHead(source: ByteSource): Promise<DicomHead> {
  const { meta, body } = await growing(source, (bytes) => {
    if (!isDicom(bytes)) throw new VolumeIoError('unknown-format', 'is not DICOM');
    const meta = readMeta(bytes, source.size);
    return { meta, body: meta.syntax.deflated ? undefined : readBody(bytes, meta, source.size) };
  });
  return body ? toHead(meta, body) : toHead(meta, await readDeflatedBody(source, meta), meta.at);
}

interface Meta {
  at: number;
  syntax: TransferSyntax;
  encoding: Encoding;
  unknownSyntax?: string;
  notes: string[];
}

/** Calls `parse` with more and more of the file, until it does not ask for more. */
async function growing<T>(source: ByteSource, parse: (bytes: Uint8Array) => T): Promise<T> {
  const { size } = source;
  let length = Math.min(size, FIRST_READ);
  for (;;) {
    const bytes = await source.read(0, length);
    if (bytes.length < length) {
      throw new VolumeIoError('truncated', `the file ends after ${bytes.length} of ${size} bytes`);
    }
    try {
      return parse(bytes);
    } catch (error) {
      if (!(error instanceof NeedMoreBytes) || length >= size) throw error;
      length = Math.min(size, Math.max(error.until + FIRST_READ, length * GROWTH));
    }
  }
}

/** The file meta information (group 2), and how the data set after it is encoded. */
function readMeta(bytes: Uint8Array, size: number): Meta {
  const notes: string[] = [];
  let at = firstElementOffset(bytes);
  let uid: string | undefined;
  if (bytes[at] === 2 && bytes[at + 1] === 0) {
    const encoding = { explicit: vrAt(bytes, at + 4), littleEndian: true };
    const meta = parseDataSet(bytes, at, { encoding, end: size, group: 2 });
    uid = meta.dataSet.string(Tag.TransferSyntaxUID);
    at = meta.at;
  } else if (at === 0) {
    notes.push('The file has no DICOM preamble and no file meta information.');
  }
  if (at + 8 > bytes.length && bytes.length < size) throw new NeedMoreBytes(at + 8);
  const known = uid === undefined ? undefined : findTransferSyntax(uid);
  if (known?.deflated) return { at, syntax: known, encoding: known, notes };
  const guess = guessEncoding(bytes, at);
  if (uid === undefined) {
    notes.push('The file states no transfer syntax; it was taken from the first element.');
    return { at, syntax: plainSyntax(guess), encoding: guess, notes };
  }
  const agrees = known?.explicit === guess.explicit && known.littleEndian === guess.littleEndian;
  if (known && !agrees && uid !== GE_PRIVATE) {
    notes.push(
      `The data set is not encoded as its transfer syntax ${uid} says; it was read as it is.`,
    );
  }
  return {
    at,
    syntax: known ?? plainSyntax(guess),
    encoding: guess,
    notes,
    ...(known ? {} : { unknownSyntax: uid }),
  };
}

function plainSyntax(encoding: Encoding): TransferSyntax {
  if (!encoding.explicit) return IMPLICIT_LITTLE;
  return encoding.littleEndian ? EXPLICIT_LITTLE : EXPLICIT_BIG;
}

function readBody(bytes: Uint8Array, meta: Meta, size: number): ParseResult {
  return parseDataSet(bytes, meta.at, { encoding: meta.encoding, end: size, stopAt: isPixelTag });
}

async function readDeflatedBody(source: ByteSource, meta: Meta): Promise<ParseResult> {
  const payload = deflatedPayload(source, meta.at);
  for (let limit = FIRST_READ; ; limit *= GROWTH) {
    const bytes = await unpackedHead(payload, limit);
    const complete = bytes.length < limit;
    // While more may come, the end is not known and nothing can be said to lie beyond it.
    const end = complete ? bytes.length : Number.MAX_SAFE_INTEGER;
    try {
      return parseDataSet(bytes, 0, { encoding: meta.encoding, end, stopAt: isPixelTag });
    } catch (error) {
      if (!(error instanceof NeedMoreBytes)) throw error;
    }
  }
}

function toHead(meta: Meta, body: ParseResult, deflatedAt?: number): DicomHead {
  return {
    dataSet: body.dataSet,
    syntax: meta.syntax,
    truncated: body.truncated,
    notes: meta.notes,
    unknownSyntax: meta.unknownSyntax,
    pixels: body.stopped,
    deflatedAt,
  };
}

/** The deflated part of a file. */
export function deflatedPayload(source: ByteSource, at: number): Payload {
  return { source, start: at, length: source.size - at, packing: 'raw' };
}
