/** Decoded samples of one frame, before scaling. */
export interface StoredFrame {
  /** Side by side per pixel. */
  readonly data: FrameArray;
  /** Values per pixel. */
  readonly samples: number;
  /** The stored value lies in bits [shift, shift + bits) of each sample; 32: the sample is the value. */
  readonly bits: number;
  readonly shift: number;
  readonly signed: boolean;
}

export type FrameArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Memory that one reader uses again from slice to slice. */
export class Scratch {
  private buffer = new Uint8Array(0);

  /** `length` bytes, aligned for every sample type; what they held before is lost. */
  take(length: number): Uint8Array {
    if (this.buffer.length < length) this.buffer = new Uint8Array(length);
    return this.buffer.subarray(0, length);
  }
}
