import type { NdArray } from 'ndarray';

/** The element types that weight files hold; half and bfloat16 are widened to float32 on reading. */
export type WeightArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array<ArrayBuffer>
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array<ArrayBuffer>;

/** Tensors by name, in the order in which the file holds them; every array is C-contiguous. */
export type NamedTensors = Map<string, NdArray<WeightArray>>;

export type WeightFileFormat = 'safetensors' | 'pt' | 'h5';

/** What a weight file said: its tensors, and the plain values (epoch, library version, …) beside them. */
export interface WeightFile {
  readonly format: WeightFileFormat;
  readonly tensors: NamedTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ReadWeightsOpts {
  /** Read as this format instead of telling it from the first bytes. */
  readonly format?: WeightFileFormat;
  /**
   * For PyTorch checkpoints: the key of the state dict inside the saved dictionary. Default: the
   * first of `state_dict`, `model_state_dict`, `network_weights`, `model` that is there, else the
   * saved dictionary itself.
   */
  readonly section?: string;
}
