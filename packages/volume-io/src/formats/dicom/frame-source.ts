import type { ByteSource } from '../../bytes/api.js';
import { BytesSource } from '../../bytes/bytes-source.js';
import { unpackedHead } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import { swapBytes } from '../../voxels/swap-bytes.js';
import { convertColors } from './colors.js';
import { decodeFrame } from './decode-frame.js';
import { readFragments, splitFrames } from './encapsulated.js';
import { interleave } from './interleave.js';
import { deflatedPayload } from './read-head.js';
import type { SeriesFile } from './series-file.js';
import type { FrameArray, Scratch, StoredFrame } from './stored-frame.js';
import type { PixelCodec } from './transfer-syntax.js';
import { unpackBits, unpackTwelve } from './unpack-bits.js';

/** Compressed bytes read at first: all of most slices. */
const FIRST_FRAGMENTS = 1 << 18;

/** Gives the frames of one open file. */
export class FrameSource {
  private readonly file: SeriesFile;
  private readonly source: ByteSource;
  private readonly codec: PixelCodec;
  private encapsulated: Uint8Array[] | undefined;
  private inflated: ByteSource | undefined;

  /** Throws VolumeIoError 'unsupported' when the pixels are of a kind that cannot be decoded, 'truncated' when there are too few. */
  constructor(file: SeriesFile, source: ByteSource) {
    this.file = file;
    this.source = source;
    if (file.unknownSyntax !== undefined) {
      throw new VolumeIoError(
        'unsupported',
        `its transfer syntax ${file.unknownSyntax} cannot be decoded; convert it to an uncompressed one`,
      );
    }
    const { pixels, syntax } = file;
    // Data of a stated length is not divided into fragments, whatever the transfer syntax says.
    this.codec = pixels.undefinedLength ? syntax.codec : 'native';
    if (this.codec === 'native' && !pixels.undefinedLength) {
      const needed = nativeBytes(file);
      if (pixels.length < needed) {
        throw new VolumeIoError(
          'truncated',
          `the image needs ${needed} bytes of pixel data, but the file holds ${pixels.length}`,
        );
      }
    }
  }

  async frame(n: number, scratch: Scratch): Promise<StoredFrame> {
    const { image } = this.file;
    if (this.codec !== 'native' || this.file.pixels.undefinedLength) {
      this.encapsulated ??= await this.readEncapsulated();
      return decodeFrame(this.encapsulated[n], this.codec, image);
    }
    const data = await this.nativeFrame(n, scratch);
    const plain = image.kind === 'float' || image.bitsAllocated === 1;
    const stored = {
      data,
      samples: image.samples,
      bits: plain ? 32 : image.bitsStored,
      shift: plain ? 0 : image.shift,
      signed: image.signed,
    };
    return convertColors(stored, image.photometric, image);
  }

  /** Whether frames lie in the file as little-endian samples that need nothing done. */
  get isPlain(): boolean {
    const { image, pixels, syntax, deflatedAt } = this.file;
    return (
      this.codec === 'native' &&
      !pixels.undefinedLength &&
      deflatedAt === undefined &&
      image.samples === 1 &&
      image.bitsAllocated >= 8 &&
      image.bitsAllocated !== 12 &&
      image.bitsStored === image.bitsAllocated &&
      (image.bitsAllocated === 8 ? !swapsPairs(this.file) : syntax.littleEndian)
    );
  }

  /** Reads a plain frame straight into the bytes of the result. */
  async readPlain(n: number, target: Uint8Array): Promise<void> {
    const got = await this.source.readInto(this.file.pixels.start + n * target.length, target);
    if (got < target.length) throw shortened();
  }

  /** Reads fragments up to their end, without whatever the file holds after them. */
  private async readEncapsulated(): Promise<Uint8Array[]> {
    const { start } = this.file.pixels;
    const left = this.source.size - start;
    for (let length = Math.min(left, FIRST_FRAGMENTS); ; ) {
      const bytes = await this.source.read(start, length);
      const found = readFragments(bytes);
      if (found.complete || length === left)
        return splitFrames(bytes, found, this.file.image.frames);
      length = Math.min(left, Math.max(2 * length, found.end + FIRST_FRAGMENTS));
    }
  }

  private async nativeFrame(n: number, scratch: Scratch): Promise<FrameArray> {
    const { image, pixels, syntax } = this.file;
    const source = await this.pixelSource();
    const bits = frameBits(this.file);
    const firstBit = n * bits;
    const swap = swapsPairs(this.file);
    // Bytes stored as big-endian words come in pairs, and a frame may begin within one.
    const from = swap ? (firstBit >> 3) & ~1 : Math.floor(firstBit / 8);
    const end = Math.ceil((firstBit + bits) / 8);
    const length = swap ? (end - from + 1) & ~1 : end - from;
    const bytes = scratch.take(Math.ceil(length / 8) * 8).subarray(0, length);
    const got = await source.readInto(pixels.start + from, bytes);
    if (got < end - from) throw shortened();
    if (swap) swapBytes(bytes, 2);
    if (image.bitsAllocated === 1) return unpackBits(bytes, firstBit - from * 8, bits);
    if (image.bitsAllocated === 12) return unpackTwelve(bytes, firstBit - from * 8, bits / 12);
    const own = bytes.subarray(firstBit / 8 - from, end - from);
    if (image.photometric === 'YBR_FULL_422' && image.samples === 3) return spread422(own, image);
    const data = viewSamples(own, this.file);
    if (!syntax.littleEndian && image.bitsAllocated > 8) swapBytes(own, image.bitsAllocated / 8);
    return image.planar && image.samples > 1 ? interleave(data, image.samples) : data;
  }

  private async pixelSource(): Promise<ByteSource> {
    const { deflatedAt, pixels } = this.file;
    if (deflatedAt === undefined) return this.source;
    if (!this.inflated) {
      const length = pixels.start + nativeBytes(this.file);
      const bytes = await unpackedHead(deflatedPayload(this.source, deflatedAt), length);
      this.inflated = new BytesSource(bytes, this.source.name);
    }
    return this.inflated;
  }
}

/** 8-bit and 1-bit samples of big-endian files are stored in 16-bit words when their VR is OW. */
function swapsPairs(file: SeriesFile): boolean {
  return !file.syntax.littleEndian && file.pixels.vr === 'OW' && file.image.bitsAllocated <= 8;
}

function frameBits({ image }: SeriesFile): number {
  const pixels = image.rows * image.columns;
  // Two pixels share their colour in 4:2:2.
  const samples = image.photometric === 'YBR_FULL_422' && image.samples === 3 ? 2 : image.samples;
  return pixels * samples * image.bitsAllocated;
}

/** Bytes of uncompressed pixel data. */
export function nativeBytes(file: SeriesFile): number {
  return Math.ceil((frameBits(file) * file.image.frames) / 8);
}

function viewSamples(bytes: Uint8Array, { image }: SeriesFile): FrameArray {
  const { buffer, byteOffset } = bytes;
  const length = bytes.length / (image.bitsAllocated / 8);
  if (image.kind === 'float') {
    return image.bitsAllocated === 32
      ? new Float32Array(buffer, byteOffset, length)
      : new Float64Array(buffer, byteOffset, length);
  }
  switch (image.bitsAllocated) {
    case 8:
      return bytes;
    case 16:
      return new Uint16Array(buffer, byteOffset, length);
    case 32:
      return image.signed
        ? new Int32Array(buffer, byteOffset, length)
        : new Uint32Array(buffer, byteOffset, length);
    default:
      throw new VolumeIoError('unsupported', '64-bit integer pixels');
  }
}

/** Y Y Cb Cr of two pixels → Y Cb Cr of each. */
function spread422(bytes: Uint8Array, image: { rows: number; columns: number }): Uint8Array {
  const pixels = image.rows * image.columns;
  const out = new Uint8Array(pixels * 3);
  for (let p = 0; p < pixels; p++) {
    const pair = (p >> 1) * 4;
    out[3 * p] = bytes[pair + (p & 1)];
    out[3 * p + 1] = bytes[pair + 2];
    out[3 * p + 2] = bytes[pair + 3];
  }
  return out;
}

const shortened = (): VolumeIoError =>
  new VolumeIoError('truncated', 'the file ends within its pixel data');
