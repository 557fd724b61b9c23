import { BytesSource } from '../../bytes/bytes-source.js';
import { unpackedHead } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import type { CodecFrame } from './codecs/emscripten.js';
import { decodeJpeg } from './codecs/jpeg/decode.js';
import { decodeJpeg2000, jpeg2000Size } from './codecs/jpeg2000.js';
import { decodeJpegLs, jpegLsSize } from './codecs/jpegls.js';
import { decodeRle } from './codecs/rle.js';
import { convertColors } from './colors.js';
import type { ImageAttributes } from './image-attributes.js';
import type { StoredFrame } from './stored-frame.js';
import type { PixelCodec } from './transfer-syntax.js';
import { unpackBits, unpackTwelve } from './unpack-bits.js';

/** Pixels that a codestream of any size may hold; beyond, it must be long enough to be believed. */
const FREE_PIXELS = 1 << 22;
const PIXELS_PER_BYTE = 4096;

/** Decodes one compressed frame. Throws VolumeIoError 'corrupt', 'truncated' or 'unsupported'. */
export async function decodeFrame(
  bytes: Uint8Array,
  stated: PixelCodec,
  image: ImageAttributes,
): Promise<StoredFrame> {
  const codec = sniffCodec(bytes, stated);
  if (codec === 'rle' || codec === 'deflate' || codec === 'native') {
    const packed = image.bitsAllocated === 1;
    const stored = {
      data: typed(await plainBytes(bytes, codec, image), image),
      samples: image.samples,
      bits: packed ? 32 : image.bitsStored,
      shift: packed ? 0 : image.shift,
      signed: image.signed,
    };
    return convertColors(stored, image.photometric, image);
  }
  const check = (frame: { width: number; height: number }): void => {
    if (frame.width !== image.columns || frame.height !== image.rows) {
      throw new VolumeIoError(
        'corrupt',
        `the compressed image has ${frame.width}×${frame.height} pixels, but the file states ${image.columns}×${image.rows}`,
      );
    }
    const pixels = frame.width * frame.height;
    if (pixels > FREE_PIXELS && pixels > PIXELS_PER_BYTE * bytes.length) {
      throw new VolumeIoError('truncated', 'the compressed image is too short for its size');
    }
  };
  if (codec === 'jpeg') {
    const frame = decodeJpeg(bytes, check);
    checkSamples(frame, image);
    const stored = fromCodec(frame, image.bitsStored, image.signed, image);
    return convertColors(stored, jpegPhotometric(image.photometric, frame.info), image);
  }
  if (codec === 'jpegls') {
    check(jpegLsSize(bytes));
    const frame = await decodeJpegLs(bytes);
    checkSamples(frame, image);
    // JPEG-LS knows no sign: the highest bit of its own precision is it.
    const bits = image.signed ? frame.precision : image.bitsStored;
    return convertColors(fromCodec(frame, bits, image.signed, image), image.photometric, image);
  }
  check(jpeg2000Size(bytes));
  const frame = await decodeJpeg2000(bytes);
  checkSamples(frame, image);
  const agreed = frame.signed === image.signed || image.samples > 1;
  const stored = fromCodec(frame, agreed ? 32 : frame.precision, image.signed, image);
  return convertColors(stored, image.photometric, image);
}

/** What the codestream is, which some files state wrongly. */
function sniffCodec(bytes: Uint8Array, stated: PixelCodec): PixelCodec {
  if (stated === 'rle' || stated === 'deflate') return stated;
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0x4f && c === 0xff) return 'jpeg2000';
  if (a === 0 && b === 0 && c === 0 && bytes[4] === 0x6a && bytes[5] === 0x50) return 'jpeg2000';
  if (a === 0xff && b === 0xd8 && c === 0xff) return hasJpegLsFrame(bytes) ? 'jpegls' : 'jpeg';
  return stated;
}

function hasJpegLsFrame(bytes: Uint8Array): boolean {
  for (let at = 2; at + 3 < bytes.length && bytes[at] === 0xff; ) {
    if (bytes[at + 1] === 0xf7) return true;
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return false;
}

function checkSamples(frame: { components: number }, image: ImageAttributes): void {
  if (frame.components === image.samples) return;
  throw new VolumeIoError(
    'corrupt',
    `the compressed image has ${frame.components} values per pixel, but the file states ${image.samples}`,
  );
}

function fromCodec(
  frame: { data: CodecFrame['data']; components: number },
  bits: number,
  signed: boolean,
  image: ImageAttributes,
): StoredFrame {
  // Samples that fill their bytes need no correction unless they carry a sign.
  const whole = bits >= image.bitsAllocated && !signed;
  return {
    data: frame.data,
    samples: frame.components,
    bits: whole ? 32 : bits,
    shift: 0,
    signed,
  };
}

/** The colours of a JPEG: its own markers know better than the file around it. */
function jpegPhotometric(stated: string, info: { jfif: boolean; rgbIds: boolean }): string {
  if (info.rgbIds) return 'RGB';
  return info.jfif && stated === 'RGB' ? 'YBR_FULL' : stated;
}

/** The little-endian samples of a frame that is packed byte by byte or not at all. */
async function plainBytes(
  bytes: Uint8Array,
  codec: 'rle' | 'deflate' | 'native',
  image: ImageAttributes,
): Promise<Uint8Array> {
  if (codec === 'rle') return decodeRle(bytes, image);
  const needed = Math.ceil((image.rows * image.columns * image.samples * image.bitsAllocated) / 8);
  const source = new BytesSource(bytes, 'frame');
  const found =
    codec === 'deflate'
      ? await unpackedHead({ source, start: 0, length: bytes.length, packing: 'raw' }, needed)
      : bytes.slice(0, needed);
  if (found.length < needed) {
    throw new VolumeIoError('truncated', 'the pixel data is neither compressed nor complete');
  }
  return found;
}

function typed(bytes: Uint8Array, image: ImageAttributes): StoredFrame['data'] {
  const { buffer, byteOffset } = bytes;
  const samples = image.rows * image.columns * image.samples;
  switch (image.bitsAllocated) {
    case 1:
      return unpackBits(bytes, 0, samples);
    case 8:
      return bytes;
    case 12:
      return unpackTwelve(bytes, 0, samples);
    case 16:
      return new Uint16Array(buffer, byteOffset, samples);
    case 32:
      return image.signed
        ? new Int32Array(buffer, byteOffset, samples)
        : new Uint32Array(buffer, byteOffset, samples);
    default:
      throw new VolumeIoError('unsupported', '64-bit integer pixels');
  }
}
