import type { NdArray } from 'ndarray';

/** Number arrays that a tensor can be made of. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Int16Array
  | Uint16Array;

/** Tensors by name, in a fixed order, each C-contiguous. The currency for weights and optimiser state. */
export type NamedNdArrays = Map<string, NdArray<TensorData>>;

/** Three integers, one for each spatial axis. */
export type Triple = [number, number, number];

/** Element-wise activation of a convolution block. */
export type Activation = 'linear' | 'relu' | 'leakyRelu' | 'elu' | 'prelu';

/** Activation of a network's last layer. */
export type HeadActivation = 'sigmoid' | 'softmax' | 'linear';

/**
 * Normalisation over what is kept together when mean and variance are taken:
 * - `batch`: per channel over batch and space, always the statistics of the batch at hand, also at
 *   inference (what the PyTorch reference does);
 * - `batchRunning`: per channel, batch statistics in training, running statistics at inference;
 * - `instance`: per sample and channel;
 * - `{ groups }`: per sample and group of channels;
 * - `none`: no normalisation.
 */
export type Norm = 'batch' | 'batchRunning' | 'instance' | 'none' | { groups: number };

/** How convolution kernels start: PyTorch's default, Glorot's (Keras) or He's normal. */
export type KernelInit = 'pytorch' | 'glorotUniform' | 'heNormal';

/** Where zeros are added: TensorFlow's `same` and `valid`, or `symmetric`, (k − 1) / 2 on both sides as PyTorch. */
export type Padding = 'same' | 'valid' | 'symmetric';

/** A tensor from elsewhere (a weight file, an ndarray of any element type), in any memory layout. */
export interface TensorLike {
  readonly data: TensorData | Int8Array | Uint32Array | BigInt64Array | BigUint64Array;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** Tensors from elsewhere by name. */
export type NamedTensorLikes = ReadonlyMap<string, TensorLike>;
