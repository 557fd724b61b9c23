import { VolumeIoError } from '../../../errors.js';
import type { ImageAttributes } from '../image-attributes.js';

/** PackBits makes at most 128 bytes of two. */
const MAX_RATIO = 64;

/**
 * Decodes one RLE frame (PS3.5, annex G) to little-endian samples, side by side per pixel; bits stay packed.
 * Throws VolumeIoError 'corrupt' or 'truncated'.
 */
export function decodeRle(bytes: Uint8Array, image: ImageAttributes): Uint8Array {
  const count = image.rows * image.columns;
  // Pixels of one bit are packed by eight before they are compressed.
  const pixels = image.bitsAllocated === 1 ? Math.ceil((count * image.samples) / 8) : count;
  const width = Math.max(1, image.bitsAllocated / 8);
  const planes = image.bitsAllocated === 1 ? 1 : image.samples * width;
  if (bytes.length < 64) throw new VolumeIoError('truncated', 'the RLE frame has no header');
  if (pixels * planes > MAX_RATIO * bytes.length) {
    throw new VolumeIoError('truncated', 'the RLE frame is too short for its image');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== planes) {
    throw new VolumeIoError(
      'corrupt',
      `the RLE frame has ${segments} segments instead of ${planes}`,
    );
  }
  const out = new Uint8Array(pixels * planes);
  for (let n = 0; n < planes; n++) {
    const start = view.getUint32(4 + 4 * n, true);
    const end = n + 1 < planes ? view.getUint32(8 + 4 * n, true) : bytes.length;
    if (start < 64 || end < start || end > bytes.length) {
      throw new VolumeIoError('corrupt', 'the RLE frame states impossible offsets');
    }
    // Segments hold the most significant byte first.
    const sample = Math.floor(n / width);
    const byte = width - 1 - (n % width);
    unpackSegment(bytes, start, end, out, sample * width + byte, planes, pixels);
  }
  return out;
}

/** Unpacks one segment into every `step`-th byte of `out` from `first`. */
function unpackSegment(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  first: number,
  step: number,
  pixels: number,
): void {
  let at = start;
  let to = first;
  const limit = first + pixels * step;
  while (to < limit && at < end) {
    const code = bytes[at++];
    if (code < 128) {
      const stop = Math.min(at + code + 1, end);
      for (; at < stop && to < limit; to += step) out[to] = bytes[at++];
    } else if (code > 128 && at < end) {
      const value = bytes[at++];
      for (let n = 257 - code; n > 0 && to < limit; n--, to += step) out[to] = value;
    }
  }
  if (to < limit) throw new VolumeIoError('truncated', 'an RLE segment ends before its image');
}
