import type { ReadonlyVec3 } from '../arrays/types.js';

/** Repeats each voxel of [n, d, h, w, c] size[i] times along axis i: nearest-neighbour up-sampling. */
export const GenesisUpsample3d = 'GenesisUpsample3d';

/** The gradient of {@link GenesisUpsample3d}: sums windows of `size`, side by side. */
export const GenesisUpsample3dGrad = 'GenesisUpsample3dGrad';

/** float32 tensors. */
export interface Upsample3dInputs<T> {
  /** [n, d, h, w, c] */
  x: T;
}

/** The same attributes for both directions. */
export interface Upsample3dAttrs {
  /** Repeats along each axis, whole numbers from 1. */
  size: ReadonlyVec3;
}

/** [n, d · size[0], h · size[1], w · size[2], c] */
export type Upsample3dOutputs<T> = T;

/** float32 tensors. */
export interface Upsample3dGradInputs<T> {
  /** [n, d, h, w, c], each side divisible by `size`. */
  dy: T;
}

/** [n, d / size[0], h / size[1], w / size[2], c] */
export type Upsample3dGradOutputs<T> = T;
