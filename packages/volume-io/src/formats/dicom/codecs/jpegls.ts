import { VolumeIoError } from '../../../errors.js';
import { interleave } from '../interleave.js';
import { type CodecDecoder, type CodecFrame, CodecHost, type CodecModule } from './emscripten.js';

type CharLs = CodecModule & { JpegLSDecoder: new () => CodecDecoder };

const host = new CodecHost<CharLs>('JPEG-LS', () => import('#charls'));

/** Width and height of a JPEG-LS codestream. Throws VolumeIoError 'corrupt' when it is none. */
export function jpegLsSize(bytes: Uint8Array): { width: number; height: number } {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    if (bytes[at + 1] === 0xf7) {
      return {
        height: (bytes[at + 5] << 8) | bytes[at + 6],
        width: (bytes[at + 7] << 8) | bytes[at + 8],
      };
    }
    at += 2 + length;
  }
  throw new VolumeIoError('corrupt', 'the pixel data is no JPEG-LS codestream');
}

/** Decodes a JPEG-LS codestream (ITU-T T.87), lossless or near-lossless, with CharLS. */
export function decodeJpegLs(bytes: Uint8Array): Promise<CodecFrame> {
  return host.run(
    bytes,
    (module) => new module.JpegLSDecoder(),
    (decoder) => {
      const info = decoder.getFrameInfo();
      const raw = decoder.getDecodedBuffer().slice();
      const data = info.bitsPerSample > 8 ? new Uint16Array(raw.buffer) : raw;
      const { width, height, componentCount: components } = info;
      if (data.length !== width * height * components) {
        throw new VolumeIoError('corrupt', 'the JPEG-LS data gave an image of another size');
      }
      // Mode 0 keeps the components one after the other.
      const planar = components > 1 && decoder.getInterleaveMode?.() === 0;
      return {
        width,
        height,
        components,
        precision: info.bitsPerSample,
        data: planar ? interleave(data, components) : data,
      };
    },
  );
}
