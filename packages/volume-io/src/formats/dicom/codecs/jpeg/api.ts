import type { HuffmanTable } from './huffman.js';

/** A decoded image: components side by side per pixel, in the colours of the codestream (no conversion). */
export interface JpegImage {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits per sample, 2…16. */
  readonly precision: number;
  readonly data: Uint8Array | Uint16Array;
  readonly info: JpegInfo;
}

/** What the codestream says about its colours. */
export interface JpegInfo {
  readonly jfif: boolean;
  /** Component identifiers are the letters R, G, B. */
  readonly rgbIds: boolean;
}

/** One colour component of a frame. */
export interface JpegComponent {
  readonly id: number;
  readonly h: number;
  readonly v: number;
  readonly quantId: number;
  /** Samples that carry image, without padding. */
  width: number;
  height: number;
  /** Blocks (DCT) in memory per row and column, padded to whole units. */
  blocksWide: number;
  blocksHigh: number;
  /** Quantised DCT coefficients, 64 a block in natural order. */
  coefficients?: Int16Array;
  quant?: Uint16Array;
}

export interface JpegFrame {
  readonly process: 'sequential' | 'progressive' | 'lossless';
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: JpegComponent[];
  readonly maxH: number;
  readonly maxV: number;
}

export interface JpegScan {
  readonly components: {
    component: JpegComponent;
    index: number;
    dc?: HuffmanTable;
    ac?: HuffmanTable;
  }[];
  /** Spectral selection; `start` is the predictor in lossless scans. */
  readonly start: number;
  readonly end: number;
  readonly high: number;
  /** Point transform. */
  readonly low: number;
  readonly restartInterval: number;
}
