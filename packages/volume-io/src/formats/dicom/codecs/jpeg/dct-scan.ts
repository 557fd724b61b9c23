import { VolumeIoError } from '../../../../errors.js';
import type { JpegComponent, JpegFrame, JpegScan } from './api.js';
import { BitReader } from './bit-reader.js';
import type { HuffmanTable } from './huffman.js';

/** Zigzag position → natural order (row-major). */
export const NATURAL_ORDER = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
  13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
  45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

interface ScanState {
  readonly bits: BitReader;
  readonly scan: JpegScan;
  /** Last DC value of each component of the scan. */
  readonly dc: Int32Array;
  /** Blocks still covered by an end-of-band run. */
  eobRun: number;
}

type BlockDecoder = (state: ScanState, n: number, coefficients: Int16Array, at: number) => void;

/** Decodes one sequential or progressive scan into the components' coefficients; gives the offset after it. */
export function decodeDctScan(
  data: Uint8Array,
  at: number,
  frame: JpegFrame,
  scan: JpegScan,
): number {
  const bits = new BitReader(data, at);
  const state: ScanState = { bits, scan, dc: new Int32Array(scan.components.length), eobRun: 0 };
  const decode = blockDecoder(frame, scan);
  const single = scan.components.length === 1 ? scan.components[0].component : undefined;
  const unitsWide = single
    ? Math.ceil(single.width / 8)
    : Math.ceil(frame.width / (8 * frame.maxH));
  const unitsHigh = single
    ? Math.ceil(single.height / 8)
    : Math.ceil(frame.height / (8 * frame.maxV));
  let left = scan.restartInterval || Number.POSITIVE_INFINITY;
  for (let y = 0; y < unitsHigh; y++) {
    for (let x = 0; x < unitsWide; x++) {
      if (left === 0) {
        if (!bits.restart()) {
          throw new VolumeIoError('corrupt', 'a JPEG restart marker is missing');
        }
        state.dc.fill(0);
        state.eobRun = 0;
        left = scan.restartInterval;
      }
      left--;
      if (single) decode(state, 0, single.coefficients!, 64 * (y * single.blocksWide + x));
      else decodeUnit(state, decode, x, y);
    }
  }
  return bits.end();
}

function decodeUnit(state: ScanState, decode: BlockDecoder, x: number, y: number): void {
  for (let n = 0; n < state.scan.components.length; n++) {
    const c: JpegComponent = state.scan.components[n].component;
    for (let v = 0; v < c.v; v++) {
      for (let h = 0; h < c.h; h++) {
        decode(state, n, c.coefficients!, 64 * ((y * c.v + v) * c.blocksWide + x * c.h + h));
      }
    }
  }
}

function blockDecoder(frame: JpegFrame, scan: JpegScan): BlockDecoder {
  if (frame.process === 'sequential') return sequential;
  if (scan.start === 0) return scan.high === 0 ? dcFirst : dcRefine;
  return scan.high === 0 ? acFirst : acRefine;
}

function table(found: HuffmanTable | undefined): HuffmanTable {
  if (!found)
    throw new VolumeIoError('corrupt', 'a JPEG scan names a Huffman table that is not there');
  return found;
}

function nextDc(state: ScanState, n: number): number {
  const size = state.bits.symbol(table(state.scan.components[n].dc));
  if (size > 16) throw new VolumeIoError('corrupt', 'a JPEG DC difference is too long');
  if (size > 0) state.dc[n] = state.dc[n] + state.bits.signed(size);
  return state.dc[n];
}

const sequential: BlockDecoder = (state, n, out, at) => {
  const { bits } = state;
  out[at] = nextDc(state, n);
  const ac = table(state.scan.components[n].ac);
  for (let k = 1; k < 64; k++) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0) {
      if (run < 15) break;
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) throw runTooLong();
    out[at + NATURAL_ORDER[k]] = bits.signed(size);
  }
};

const dcFirst: BlockDecoder = (state, n, out, at) => {
  out[at] = nextDc(state, n) << state.scan.low;
};

const dcRefine: BlockDecoder = (state, _n, out, at) => {
  if (state.bits.bit()) out[at] = out[at] | (1 << state.scan.low);
};

const acFirst: BlockDecoder = (state, n, out, at) => {
  if (state.eobRun > 0) {
    state.eobRun--;
    return;
  }
  const { bits, scan } = state;
  const ac = table(scan.components[n].ac);
  for (let k = scan.start; k <= scan.end; k++) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0) {
      if (run < 15) {
        state.eobRun = (1 << run) - 1 + (run > 0 ? bits.bits(run) : 0);
        break;
      }
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) throw runTooLong();
    out[at + NATURAL_ORDER[k]] = bits.signed(size) << scan.low;
  }
};

const acRefine: BlockDecoder = (state, n, out, at) => {
  const { bits, scan } = state;
  const plus = 1 << scan.low;
  let k = scan.start;
  if (state.eobRun === 0) {
    const ac = table(scan.components[n].ac);
    for (; k <= scan.end; k++) {
      const symbol = bits.symbol(ac);
      let run = symbol >> 4;
      let value = 0;
      if ((symbol & 15) === 0) {
        if (run < 15) {
          state.eobRun = (1 << run) + (run > 0 ? bits.bits(run) : 0);
          break;
        }
      } else {
        value = bits.bit() ? plus : -plus;
      }
      // Steps over `run` coefficients that are still zero; those that are not get one more bit each.
      for (; k <= scan.end; k++) {
        const place = at + NATURAL_ORDER[k];
        if (out[place] !== 0) refine(bits, out, place, plus);
        else if (run-- === 0) break;
      }
      if (value !== 0) {
        if (k > 63) throw runTooLong();
        out[at + NATURAL_ORDER[k]] = value;
      }
    }
  }
  if (state.eobRun > 0) {
    for (; k <= scan.end; k++) {
      const place = at + NATURAL_ORDER[k];
      if (out[place] !== 0) refine(bits, out, place, plus);
    }
    state.eobRun--;
  }
};

function refine(bits: BitReader, out: Int16Array, place: number, plus: number): void {
  const value = out[place];
  if (bits.bit() && (value & plus) === 0) out[place] = value >= 0 ? value + plus : value - plus;
}

const runTooLong = (): VolumeIoError =>
  new VolumeIoError('corrupt', 'a JPEG run of zeros leaves its block');
