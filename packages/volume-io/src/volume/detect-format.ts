import type { ByteSource } from '../bytes/api.js';
import { InflatedSource } from '../bytes/inflated-source.js';
import { baseName } from '../bytes/names.js';
import { type Payload, packingOf, unpackedHead } from '../bytes/payload.js';
import { VolumeIoError } from '../errors.js';
import type { FormatEntry } from '../formats/common/api.js';
import { formats } from './registry.js';

export interface Detected {
  entry: FormatEntry;
  /** What the reader is to be given: the same source, or its decompressed content. */
  source: ByteSource;
}

/** Bytes of a file that formats are recognised by. */
const HEAD = 1024;

/** For formats that do not stream: label maps may shrink a thousandfold, but a small file may not fill the memory. */
function unpackLimit(source: ByteSource): number {
  return Math.max(256 * 2 ** 20, 100 * source.size);
}

/** Finds the format of a file by its content. Throws VolumeIoError 'empty', 'unknown-format' or what decompression throws. */
export async function detectFormat(source: ByteSource): Promise<Detected> {
  const file = source.name;
  if (source.size === 0) throw new VolumeIoError('empty', 'is empty (0 bytes)', { file });
  const head = await source.read(0, HEAD);
  const name = baseName(file).toLowerCase();
  const packing = packingOf(head);
  if (!packing) return { entry: findEntry(head, name, file), source };
  const payload: Payload = { source, start: 0, length: source.size, packing };
  const inner = await unpackedHead(payload, HEAD);
  const entry = findEntry(inner, name.replace(/\.(gz|bz2)$/, ''), file);
  if (entry.readsPacked) return { entry, source };
  return { entry, source: await InflatedSource.open(payload, unpackLimit(source)) };
}

function findEntry(head: Uint8Array, name: string, file: string): FormatEntry {
  const entry = formats.find((format) => format.matches(head, name));
  if (entry) return entry;
  throw new VolumeIoError('unknown-format', describeUnknown(head, name), { file });
}

function describeUnknown(head: Uint8Array, name: string): string {
  const isText = head.every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b < 127));
  const extension = /\.(nii|hdr|nrrd|nhdr|npy|npz|dcm)(\.gz)?$/.exec(name)?.[0];
  const what = isText ? 'is a text file' : 'has content of no known kind';
  return extension
    ? `${what}, although its name ends in ${extension}; it may be damaged or misnamed`
    : `${what}; readable are NIfTI, Analyze, MetaImage, NRRD, NPY, NPZ and DICOM`;
}
