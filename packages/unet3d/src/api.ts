import type { NumberArray, StridedArray, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';

/** Arrays by name, in a fixed order, each C-contiguous. The currency for weights and optimiser state. */
export type NamedNdArrays = Map<string, NdArray<NumberArray>>;

/** Tensors from elsewhere by name: of a weight file, or ndarrays, of any element type, in any memory layout. */
export type NamedTensorLikes = ReadonlyMap<string, StridedArray>;

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
export type Norm =
  | 'batch'
  | 'batchRunning'
  | 'instance'
  | 'none'
  | {
      /** Number of groups, a divisor of the channels. */
      groups: number;
    };

/** How convolution kernels start: PyTorch's default, Glorot's (Keras) or He's normal. */
export type KernelInit = 'pytorch' | 'glorotUniform' | 'heNormal';

/** Where zeros are added: TensorFlow's `same` and `valid`, or `symmetric`, (k − 1) / 2 on both sides as PyTorch. */
export type Padding = 'same' | 'valid' | 'symmetric';

/** @deprecated The `Vec3` of `@genesis/core`. */
export type Triple = Vec3;

/** @deprecated The `NumberArray` of `@genesis/core`. */
export type TensorData = NumberArray;

/** @deprecated The `StridedArray` of `@genesis/core`. */
export type TensorLike = StridedArray;
