import { VolumeIoError } from '../../../errors.js';
import { type CodecDecoder, type CodecFrame, CodecHost, type CodecModule } from './emscripten.js';

type OpenJpeg = CodecModule & { J2KDecoder: new () => CodecDecoder };

const host = new CodecHost<OpenJpeg>('JPEG 2000', () => import('#openjpeg'));

/** Part 1 of the standard allows no more tiles. */
const MAX_TILES = 65535;

/**
 * Width and height of a JPEG 2000 codestream, bare or in a JP2 file, checked for tiles that are not there.
 * Throws VolumeIoError 'corrupt' or 'truncated'.
 */
export function jpeg2000Size(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = codestreamStart(view);
  if (at < 0 || at + 4 + 38 > bytes.length) {
    throw new VolumeIoError('corrupt', 'the pixel data is no JPEG 2000 codestream');
  }
  const size = at + 8;
  const [x1, y1, x0, y0, tw, th, tx, ty] = Array.from({ length: 8 }, (_, n) =>
    view.getUint32(size + 4 * n),
  );
  const tiles = Math.ceil((x1 - tx) / tw) * Math.ceil((y1 - ty) / th);
  if (x1 <= x0 || y1 <= y0 || !(tiles >= 1 && tiles <= MAX_TILES)) {
    throw new VolumeIoError('corrupt', 'the JPEG 2000 data states an impossible size');
  }
  checkTileParts(view, at);
  return { width: x1 - x0, height: y1 - y0 };
}

/** OpenJPEG fills missing tiles with zeros and says nothing; the lengths of the tile parts tell. */
function checkTileParts(view: DataView, start: number): void {
  let at = start + 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === 0xffd9) return;
    if (marker === 0xff90 && at + 12 <= view.byteLength) {
      const length = view.getUint32(at + 6);
      // Zero: the last tile part, up to the end.
      if (length === 0) return;
      if (length < 14 || at + length > view.byteLength) {
        throw new VolumeIoError('truncated', 'the JPEG 2000 data ends within a tile');
      }
      at += length;
    } else if (marker >> 8 === 0xff) {
      at += 2 + view.getUint16(at + 2);
    } else {
      return;
    }
  }
}

function codestreamStart(view: DataView): number {
  const limit = Math.min(view.byteLength - 4, 65536);
  for (let at = 0; at < limit; at++) {
    if (view.getUint32(at) === 0xff4fff51) return at;
    // A bare codestream starts at once; only JP2 boxes may come before.
    if (at === 0 && view.getUint32(0) !== 0x0000000c) return -1;
  }
  return -1;
}

/** Decodes a JPEG 2000 codestream (ITU-T T.800), high throughput included, with OpenJPEG. */
export function decodeJpeg2000(bytes: Uint8Array): Promise<CodecFrame> {
  return host.run(
    bytes,
    (module) => new module.J2KDecoder(),
    (decoder) => {
      const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
      const raw = decoder.getDecodedBuffer().slice();
      const wide = bitsPerSample > 8;
      const data = wide
        ? new (isSigned ? Int16Array : Uint16Array)(raw.buffer, 0, raw.length >> 1)
        : isSigned
          ? new Int8Array(raw.buffer)
          : raw;
      if (data.length !== width * height * componentCount || data.length === 0) {
        throw new VolumeIoError('corrupt', 'the JPEG 2000 data cannot be decoded');
      }
      return {
        width,
        height,
        components: componentCount,
        precision: bitsPerSample,
        signed: isSigned === true,
        data,
      };
    },
  );
}
