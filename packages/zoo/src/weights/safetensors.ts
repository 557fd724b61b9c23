import ndarray from 'ndarray';
import type { NamedTensors, SkippedEntry, WeightFile } from '../api.js';
import { WeightFormatError } from '../errors.js';
import { elementCount, elementTypeOf, readElements } from './element-types.js';
import { type EncodeWeightsOpts, encodeElements } from './encode-elements.js';

/** The format's own bound on its JSON header. */
const MAX_HEADER = 100_000_000;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function corrupt(message: string): WeightFormatError {
  return new WeightFormatError('corrupt', `not a valid safetensors file: ${message}`);
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) throw new WeightFormatError('truncated', 'the file ends in its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) throw corrupt(`its header claims ${length} bytes`);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) {
    throw new WeightFormatError('truncated', 'the file ends in its header');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart));
    const header: unknown = JSON.parse(text);
    if (typeof header !== 'object' || header === null || Array.isArray(header)) {
      throw corrupt('its header is not a JSON object');
    }
    return { header: header as Record<string, unknown>, dataStart };
  } catch (error) {
    if (error instanceof WeightFormatError) throw error;
    throw new WeightFormatError('corrupt', 'not a valid safetensors file: bad JSON header', {
      cause: error,
    });
  }
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return (
    typeof entry === 'object' &&
    entry !== null &&
    typeof entry.dtype === 'string' &&
    Array.isArray(entry.shape) &&
    Array.isArray(entry.data_offsets) &&
    entry.data_offsets.length === 2 &&
    entry.data_offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0)
  );
}

/**
 * Reads a safetensors file.
 *
 * @param bytes - The whole file; it is not kept, the tensors own their memory.
 * @returns Tensors in the file's order and its `__metadata__`; tensors of types that no network here can use (complex) are skipped.
 * @throws WeightFormatError when the header is broken, a tensor lies outside the file, tensors
 *   overlap, or a size does not fit its shape.
 * @see https://huggingface.co/docs/safetensors
 */
export function decodeSafetensors(bytes: Uint8Array): WeightFile {
  const { header, dataStart } = parseHeader(bytes);
  const dataLength = bytes.length - dataStart;
  const tensors: NamedTensors = new Map();
  const metadata: Record<string, string> = {};
  const skipped: SkippedEntry[] = [];
  const entries: [string, Entry][] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(value ?? {})) metadata[key] = String(text);
    } else if (isEntry(value)) {
      entries.push([name, value]);
    } else {
      throw corrupt(`the entry of tensor '${name}' is malformed`);
    }
  }
  entries.sort((a, b) => a[1].data_offsets[0] - b[1].data_offsets[0]);
  let previousEnd = 0;
  for (const [name, entry] of entries) {
    const [begin, end] = entry.data_offsets;
    if (end > dataLength) {
      throw new WeightFormatError('truncated', `tensor '${name}' ends beyond the end of the file`);
    }
    if (begin < previousEnd) throw corrupt(`tensor '${name}' overlaps the one before it`);
    previousEnd = end;
    const count = elementCount(entry.shape, name);
    const type = elementTypeOf(entry.dtype);
    if (!type) {
      skipped.push({ name, reason: `its element type is ${entry.dtype}` });
      continue;
    }
    if (count * type.size !== end - begin) {
      throw corrupt(
        `tensor '${name}' holds ${end - begin} bytes, its shape needs ${count * type.size}`,
      );
    }
    tensors.set(name, ndarray(readElements(bytes, dataStart + begin, count, type), entry.shape));
  }
  return { format: 'safetensors', tensors, metadata, skipped };
}

/**
 * Writes tensors as a safetensors file; the same tensors in the same order give the same bytes.
 *
 * @param tensors - Any strides; written C-contiguous in the map's order.
 * @param metadata - Free text beside the tensors, such as the configuration that made them.
 * @returns A new buffer that the caller owns.
 * @throws WeightFormatError 'unsupported' for an element type that the format lacks, 'out-of-range' for a value that is too large
 *   for a half.
 */
export function encodeSafetensors(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
  { halve }: EncodeWeightsOpts = {},
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let offset = 0;
  const parts: Uint8Array[] = [];
  for (const [name, tensor] of tensors) {
    const { dtype, bytes: part } = encodeElements(name, tensor, halve);
    header[name] = { dtype, shape: tensor.shape, data_offsets: [offset, offset + part.length] };
    offset += part.length;
    parts.push(part);
  }
  // Spaces pad the header so that the data start at a multiple of eight, as the format asks.
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.set(json, 8);
  let position = 8 + headerLength;
  for (const part of parts) {
    out.set(part, position);
    position += part.length;
  }
  return out;
}
