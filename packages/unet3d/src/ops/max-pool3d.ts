import { type ReadonlyVec3, sizeOf } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import { runBackendKernel } from './backend-kernel.js';
import { differentiable } from './differentiable.js';

/**
 * Largest voxel of each window of x [n, d, h, w, c], windows of `size` side by side; what does not
 * fill a window is dropped. The caller disposes the result.
 */
export function maxPool3d(x: tf.Tensor5D, size: ReadonlyVec3): tf.Tensor5D {
  // The gradients of the stock cpu and webgpu engines go to wrong voxels where a window is not as high as it is wide.
  if (size[1] === size[2]) return pool(x, size);
  return tf.tidy(() => [2, 1, 0].reduce((y, axis) => poolAxis(y, axis, size[axis]), x));
}

function pool(x: tf.Tensor5D, size: ReadonlyVec3): tf.Tensor5D {
  const attrs = { filterSize: size, strides: size, pad: 'valid' };
  return differentiable(
    [x],
    (x) => {
      const value = runBackendKernel<tf.Tensor>(
        tf.MaxPool3D,
        { x },
        { ...attrs, dataFormat: 'NDHWC' },
      );
      return { value, keep: [x, value] };
    },
    (dy, kept) => [
      runBackendKernel<tf.Tensor>(tf.MaxPool3DGrad, { dy, input: kept[0], output: kept[1] }, attrs),
    ],
  ) as tf.Tensor5D;
}

/** Pools along one axis alone, seen as the depth of columns of one voxel. */
function poolAxis(x: tf.Tensor5D, axis: number, size: number): tf.Tensor5D {
  if (size === 1) return x;
  const shape = x.shape.slice() as tf.Tensor5D['shape'];
  const outer = sizeOf(shape.slice(0, axis + 1));
  const inner = sizeOf(shape.slice(axis + 2));
  const columns = tf.reshape(x, [outer, shape[axis + 1], 1, 1, inner]) as tf.Tensor5D;
  const pooled = pool(columns, [size, 1, 1]);
  shape[axis + 1] = pooled.shape[1];
  return tf.reshape(pooled, shape);
}
