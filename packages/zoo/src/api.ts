import type { TypedArray } from '@genesis/core';
import type { NdArray } from 'ndarray';

/** The element types that weight files hold; half, bfloat16 and 8-bit floats are widened to float32 on reading. */
export type WeightArray = TypedArray;

/** Tensors by name, in the order in which the file holds them; every array is C-contiguous. */
export type NamedTensors = Map<string, NdArray<WeightArray>>;

/** The formats that `readWeights` knows; `pt` is every file of `torch.save`. */
export type WeightFileFormat = 'safetensors' | 'pt' | 'h5';

/** An entry of a weight file that was left aside. */
export interface SkippedEntry {
  /** Its name in the file, with dots between the keys of nested dictionaries. */
  readonly name: string;
  /** Why, as a phrase: 'a sparse tensor', 'beside state_dict', … */
  readonly reason: string;
}

/** What a weight file said: its tensors, the plain values (epoch, library version, …) beside them, and what was left aside. */
export interface WeightFile {
  readonly format: WeightFileFormat;
  readonly tensors: NamedTensors;
  readonly metadata: Readonly<Record<string, string>>;
  /** Entries that are no weights, or of a kind that no network here can use (complex, sparse, quantized, foreign objects). */
  readonly skipped: readonly SkippedEntry[];
}

export interface ReadWeightsOpts {
  /** Read as this format instead of telling it from the first bytes. */
  readonly format?: WeightFileFormat;
  /**
   * For PyTorch checkpoints: the key of the state dict inside the saved dictionary. Default: the
   * first of `state_dict`, `model_state_dict`, `network_weights`, `model`, `network`, `net` that holds
   * tensors, looked for inside one another too, else the saved dictionary itself.
   */
  readonly section?: string;
}
