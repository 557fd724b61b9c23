import { VolumeIoError } from '../../../../errors.js';
import type { JpegComponent, JpegFrame, JpegImage, JpegScan } from './api.js';
import { decodeDctScan, NATURAL_ORDER } from './dct-scan.js';
import { buildHuffman, type HuffmanTable } from './huffman.js';
import { inverseDct } from './idct.js';
import { decodeLosslessScan } from './lossless-scan.js';
import { readFrame } from './read-frame.js';
import { upsampleInto } from './upsample.js';

/** Progressive files have about ten scans; more than this only cost time. */
const MAX_SCANS = 256;

/**
 * Decodes a JPEG codestream: baseline, extended (8 and 12 bits), progressive and lossless (2…16 bits), Huffman coded
 * (ITU-T T.81). `check` is called with the size before anything of it is allocated.
 * Throws VolumeIoError 'corrupt', 'truncated' or 'unsupported'.
 */
export function decodeJpeg(bytes: Uint8Array, check: (frame: JpegFrame) => void): JpegImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) {
    throw new VolumeIoError('corrupt', 'the pixel data is no JPEG codestream');
  }
  const tables = {
    dc: [],
    ac: [],
    quant: [],
  };
  let frame: JpegFrame | undefined;
  let lossless: Uint8Array | Uint16Array | undefined;
  let restartInterval = 0;
  let jfif = false;
  let scans = 0;
  let at = 2;
  for (;;) {
    const { marker, start, end } = nextSegment(bytes, at);
    if (marker === 0xd9 || (marker < 0 && scans > 0)) break;
    if (marker < 0) throw new VolumeIoError('truncated', 'the JPEG data ends before the image');
    at = end;
    const body = bytes.subarray(start, end);
    if (marker === 0xc4) readHuffman(body, tables.dc, tables.ac);
    else if (marker === 0xdb) readQuant(body, tables.quant);
    else if (marker === 0xdd) restartInterval = body.length >= 2 ? view.getUint16(start) : 0;
    else if (marker === 0xe0) jfif ||= body[0] === 0x4a && body[1] === 0x46 && body[2] === 0x49;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
      if (frame) throw new VolumeIoError('unsupported', 'hierarchical JPEG');
      frame = readFrame(marker, body);
      check(frame);
      if (frame.process === 'lossless') {
        const size = frame.width * frame.height * frame.components.length;
        lossless = frame.precision > 8 ? new Uint16Array(size) : new Uint8Array(size);
      } else {
        for (const c of frame.components)
          c.coefficients = new Int16Array(64 * c.blocksWide * c.blocksHigh);
      }
    } else if (marker === 0xda) {
      if (!frame) throw new VolumeIoError('corrupt', 'a JPEG scan comes before its frame');
      if (++scans > MAX_SCANS)
        throw new VolumeIoError('corrupt', 'the JPEG data has too many scans');
      const scan = readScan(body, frame, tables, restartInterval);
      for (const { component } of scan.components)
        component.quant ??= tables.quant[component.quantId];
      at = lossless
        ? decodeLosslessScan(bytes, end, frame, scan, lossless)
        : decodeDctScan(bytes, end, frame, scan);
    }
  }
  if (!frame) throw new VolumeIoError('corrupt', 'the JPEG data holds no image');
  const { width, height, precision } = frame;
  const ids = frame.components.map((c) => String.fromCharCode(c.id)).join('');
  return {
    width,
    height,
    precision,
    components: frame.components.length,
    data: lossless ?? renderDct(frame),
    info: { jfif, rgbIds: ids === 'RGB' || ids === 'rgb' },
  };
}

/** The next marker at or after `at`, and its body; marker −1 at the end of the data. */
function nextSegment(
  bytes: Uint8Array,
  from: number,
): { marker: number; start: number; end: number } {
  let at = from;
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) return { marker, start: at + 2, end: at + 2 };
    at += 2;
    // Markers without a body: restarts that were left over, a second start of image.
    if ((marker >= 0xd0 && marker <= 0xd8) || marker === 0x01) continue;
    if (at + 2 > bytes.length) break;
    const length = (bytes[at] << 8) | bytes[at + 1];
    if (length < 2 || at + length > bytes.length) {
      throw new VolumeIoError('truncated', 'a JPEG segment is longer than the data');
    }
    return { marker, start: at + 2, end: at + length };
  }
  return { marker: -1, start: at, end: at };
}

function readHuffman(
  body: Uint8Array,
  dc: (HuffmanTable | undefined)[],
  ac: (HuffmanTable | undefined)[],
): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const kind = body[at];
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    const symbols = body.subarray(at + 17, at + 17 + total);
    if (symbols.length < total)
      throw new VolumeIoError('truncated', 'a JPEG Huffman table is cut off');
    (kind >> 4 ? ac : dc)[kind & 15] = buildHuffman(counts, symbols);
    at += 17 + total;
  }
}

function readQuant(body: Uint8Array, quant: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < body.length; ) {
    const kind = body[at++];
    const wide = kind >> 4 ? 2 : 1;
    if (at + 64 * wide > body.length) {
      throw new VolumeIoError('truncated', 'a JPEG quantisation table is cut off');
    }
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++, at += wide) {
      table[NATURAL_ORDER[k]] = wide === 2 ? (body[at] << 8) | body[at + 1] : body[at];
    }
    quant[kind & 15] = table;
  }
}

function readScan(
  body: Uint8Array,
  frame: JpegFrame,
  tables: { dc: (HuffmanTable | undefined)[]; ac: (HuffmanTable | undefined)[] },
  restartInterval: number,
): JpegScan {
  const count = body[0] ?? 0;
  if (count < 1 || count > 4 || body.length < 4 + 2 * count) {
    throw new VolumeIoError('corrupt', 'a JPEG scan header is broken');
  }
  const components = Array.from({ length: count }, (_, n) => {
    const id = body[1 + 2 * n];
    const index = frame.components.findIndex((c) => c.id === id);
    if (index < 0)
      throw new VolumeIoError('corrupt', `a JPEG scan names component ${id}, which is not there`);
    const selector = body[2 + 2 * n];
    const dc = tables.dc[selector >> 4];
    const ac = tables.ac[selector & 15];
    return {
      component: frame.components[index],
      index,
      dc,
      ac,
    };
  });
  const [start, end, approximation] = body.subarray(1 + 2 * count);
  const scan = {
    components,
    start: start,
    end: end,
    high: approximation >> 4,
    low: approximation & 15,
    restartInterval,
  };
  const interleavedAc = frame.process === 'progressive' && scan.start > 0 && count > 1;
  const badBand = frame.process === 'progressive' && (scan.end > 63 || scan.start > scan.end);
  if (scan.low > 13 || interleavedAc || badBand) {
    throw new VolumeIoError('corrupt', 'a JPEG scan states an impossible band');
  }
  return scan;
}

function renderDct(frame: JpegFrame): Uint8Array | Uint16Array {
  const { width, height, components, precision } = frame;
  const Samples = precision > 8 ? Uint16Array : Uint8Array;
  const out = new Samples(width * height * components.length);
  components.forEach((component, n) => {
    const stride = component.blocksWide * 8;
    const plane = new Samples(stride * component.blocksHigh * 8);
    renderPlane(component, precision, plane, stride);
    upsampleInto(plane, stride, component, frame, out, n, components.length);
  });
  return out;
}

function renderPlane(
  component: JpegComponent,
  precision: number,
  plane: Uint8Array | Uint16Array,
  stride: number,
): void {
  const { quant, coefficients } = component;
  if (!quant || !coefficients) {
    throw new VolumeIoError('corrupt', 'a JPEG component has no quantisation table');
  }
  let from = 0;
  for (let y = 0; y < component.blocksHigh; y++) {
    for (let x = 0; x < component.blocksWide; x++, from += 64) {
      inverseDct(coefficients, from, quant, precision, plane, y * 8 * stride + x * 8, stride);
    }
  }
}
