import { VolumeIoError } from '../../../../errors.js';
import type { JpegFrame, JpegScan } from './api.js';
import { BitReader } from './bit-reader.js';
import type { HuffmanTable } from './huffman.js';

/** Decodes one lossless scan (process 14, any predictor) into `out`, interleaved; gives the offset after it. */
export function decodeLosslessScan(
  data: Uint8Array,
  at: number,
  frame: JpegFrame,
  scan: JpegScan,
  out: Uint8Array | Uint16Array,
): number {
  const { start: predictor, low } = scan;
  if (predictor < 1 || predictor > 7) {
    throw new VolumeIoError('corrupt', `JPEG predictor ${predictor} does not exist`);
  }
  if (frame.components.some((c) => c.h !== frame.maxH || c.v !== frame.maxV)) {
    throw new VolumeIoError('unsupported', 'subsampled lossless JPEG');
  }
  const bits = new BitReader(data, at);
  const { width, height } = frame;
  const step = frame.components.length;
  const stride = width * step;
  const lines = scan.components.map(({ index, dc }) => {
    if (!dc)
      throw new VolumeIoError('corrupt', 'a JPEG scan names a Huffman table that is not there');
    return { index, dc };
  });
  // A restart may only come at the start of a line, after which the first line's prediction holds again.
  const restartLines = scan.restartInterval / width;
  if (!Number.isInteger(restartLines)) {
    throw new VolumeIoError('unsupported', 'lossless JPEG with restarts within a line');
  }
  let fresh = true;
  const first = 1 << (frame.precision - low - 1);
  for (let y = 0; y < height; y++) {
    if (y > 0 && restartLines > 0 && y % restartLines === 0) {
      if (!bits.restart()) throw new VolumeIoError('corrupt', 'a JPEG restart marker is missing');
      fresh = true;
    }
    if (lines.length === 1) {
      const { index, dc } = lines[0];
      decodeLine(
        bits,
        dc,
        out,
        y * stride + index,
        step,
        stride,
        width,
        fresh ? 1 : predictor,
        fresh ? first : -1,
      );
    } else {
      decodeLines(bits, lines, out, y * stride, step, stride, width, predictor, fresh ? first : -1);
    }
    fresh = false;
  }
  if (low > 0) for (let n = 0; n < out.length; n++) out[n] = out[n] << low;
  return bits.end();
}

/** One line of one component. `first`: prediction of the first sample when no line above counts, else −1. */
function decodeLine(
  bits: BitReader,
  table: HuffmanTable,
  out: Uint8Array | Uint16Array,
  at: number,
  step: number,
  stride: number,
  width: number,
  predictor: number,
  first: number,
): void {
  let left = first >= 0 ? first : out[at - stride];
  left = out[at] = (left + difference(bits, table)) & 0xffff;
  if (predictor === 1) {
    for (let x = 1, p = at + step; x < width; x++, p += step) {
      left = out[p] = (left + difference(bits, table)) & 0xffff;
    }
    return;
  }
  for (let x = 1, p = at + step; x < width; x++, p += step) {
    const up = out[p - stride];
    const prediction = predict(predictor, left, up, out[p - stride - step]);
    left = out[p] = (prediction + difference(bits, table)) & 0xffff;
  }
}

/** One line of interleaved components: their samples take turns in the data. */
function decodeLines(
  bits: BitReader,
  lines: readonly { index: number; dc: HuffmanTable }[],
  out: Uint8Array | Uint16Array,
  at: number,
  step: number,
  stride: number,
  width: number,
  predictor: number,
  first: number,
): void {
  for (let x = 0; x < width; x++) {
    for (const { index, dc } of lines) {
      const p = at + x * step + index;
      let prediction: number;
      if (x === 0) prediction = first >= 0 ? first : out[p - stride];
      else if (first >= 0) prediction = out[p - step];
      else prediction = predict(predictor, out[p - step], out[p - stride], out[p - stride - step]);
      out[p] = (prediction + difference(bits, dc)) & 0xffff;
    }
  }
}

function predict(predictor: number, left: number, up: number, upLeft: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return upLeft;
    case 4:
      return left + up - upLeft;
    case 5:
      return left + ((up - upLeft) >> 1);
    case 6:
      return up + ((left - upLeft) >> 1);
    default:
      return (left + up) >> 1;
  }
}

function difference(bits: BitReader, table: HuffmanTable): number {
  const size = bits.symbol(table);
  if (size === 0) return 0;
  if (size < 16) return bits.signed(size);
  if (size === 16) return 32768;
  throw new VolumeIoError('corrupt', 'a JPEG difference is too long');
}
