// Operations composed of stock ones that TensorFlow.js differentiates by itself: right, slow, and for the stock cpu engine only,
// where every stock operation is right at any rank.
import type { FusedActivation } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';

type Triple = readonly [number, number, number];

/** Zeros before and after each spatial axis of [n, d, h, w, c]. */
export function plainPad(x: tf.Tensor, before: Triple, after: Triple): tf.Tensor {
  const spatial = before.map((n, axis): [number, number] => [n, after[axis]]);
  return tf.pad(x, [[0, 0], ...spatial, [0, 0]]);
}

/** Convolution [n, d, h, w, in] · [kd, kh, kw, in, out] + bias. */
export function plainConv3d(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor | null,
  strides: Triple,
  padding: 'same' | 'valid' | 'symmetric',
): tf.Tensor {
  const halves = [0, 1, 2].map((axis) => Math.floor((filter.shape[axis] - 1) / 2));
  const [padded, pad] =
    padding === 'symmetric'
      ? [plainPad(x, halves as unknown as Triple, halves as unknown as Triple), 'valid' as const]
      : [x, padding];
  const y = tf.conv3d(padded as tf.Tensor5D, filter as tf.Tensor5D, [...strides], pad);
  return bias ? tf.add(y, bias) : y;
}

/** Puts stride − 1 zeros between the voxels along each spatial axis. */
function spread(x: tf.Tensor, strides: Triple): tf.Tensor {
  return strides.reduce((y, stride, i) => {
    const [axis, size] = [i + 1, y.shape[i + 1]];
    const outer = tf.util.sizeFromShape(y.shape.slice(0, axis));
    const inner = tf.util.sizeFromShape(y.shape.slice(axis + 1));
    const gaps = tf.pad(tf.reshape(y, [outer, size, 1, inner]), [
      [0, 0],
      [0, 0],
      [0, stride - 1],
      [0, 0],
    ]);
    const cut = tf.slice(
      tf.reshape(gaps, [outer, size * stride, inner]),
      [0, 0, 0],
      [-1, (size - 1) * stride + 1, -1],
    );
    const shape = y.shape.slice();
    shape[axis] = cut.shape[1] ?? 0;
    return tf.reshape(cut, shape);
  }, x);
}

/** Transposed convolution without padding, filter [kd, kh, kw, out, in]: convolution of the spread input with the turned filter. */
export function plainConvTranspose3d(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  strides: Triple,
): tf.Tensor {
  const rest = [0, 1, 2].map((axis) => filter.shape[axis] - 1) as unknown as Triple;
  const turned = tf.transpose(tf.reverse(filter, [0, 1, 2]), [0, 1, 2, 4, 3]);
  return plainConv3d(plainPad(spread(x, strides), rest, rest), turned, bias, [1, 1, 1], 'valid');
}

/** An activation. */
export function plainActivation(
  z: tf.Tensor,
  activation: FusedActivation,
  alpha: number,
): tf.Tensor {
  if (activation === 'linear') return tf.clone(z);
  if (activation === 'relu') return tf.relu(z);
  if (activation === 'leakyRelu') return tf.leakyRelu(z, alpha);
  return tf.add(tf.relu(z), tf.mul(tf.expm1(tf.minimum(z, 0)), alpha));
}

/** Mean and 1/√(variance + epsilon) of x seen as [sets, voxels, groups, channels of a group], both [sets, 1, groups, 1]. */
function plainStatistics(view: tf.Tensor, epsilon: number): { mean: tf.Tensor; invStd: tf.Tensor } {
  const { mean, variance } = tf.moments(view, [1, 3], true);
  return { mean, invStd: tf.rsqrt(tf.add(variance, epsilon)) };
}

/** Normalisation of [n, d, h, w, c] and activation, with its statistics: [y, mean, 1/√(variance + epsilon)]. */
export function plainNormAct(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  groups: 'batch' | 'instance' | number,
  epsilon: number,
  activation: FusedActivation,
  alpha: number,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const [n, d, h, w, c] = x.shape as [number, number, number, number, number];
  const count = typeof groups === 'number' ? groups : c;
  const sets = groups === 'batch' ? 1 : n;
  const view = tf.reshape(x, [sets, (n * d * h * w) / sets, count, c / count]);
  const { mean, invStd } = plainStatistics(view, epsilon);
  const perChannel = (t: tf.Tensor): tf.Tensor => tf.reshape(t, [1, 1, count, c / count]);
  const hat = tf.mul(tf.sub(view, mean), invStd);
  const z = tf.add(tf.mul(hat, perChannel(gamma)), perChannel(beta));
  const statistics = groups === 'batch' ? [c] : [n, count];
  return [
    tf.reshape(plainActivation(z, activation, alpha), x.shape),
    tf.reshape(mean, statistics),
    tf.reshape(invStd, statistics),
  ];
}

/** Repeats each voxel along the spatial axes. */
export function plainUpsample3d(x: tf.Tensor, size: Triple): tf.Tensor {
  return size.reduce((y, times, i) => {
    const axis = i + 1;
    const outer = tf.util.sizeFromShape(y.shape.slice(0, axis));
    const inner = tf.util.sizeFromShape(y.shape.slice(axis + 1));
    const flat = tf.tile(tf.reshape(y, [outer * y.shape[axis], 1, inner]), [1, times, 1]);
    const shape = y.shape.slice();
    shape[axis] *= times;
    return tf.reshape(flat, shape);
  }, x);
}

/** Largest value of each window; what does not fill one is dropped. Axis by axis, since the stock gradient of MaxPool3D errs. */
export function plainMaxPool3d(x: tf.Tensor, size: Triple): tf.Tensor {
  return size.reduce((y, side, i) => {
    const axis = i + 1;
    const count = Math.floor(y.shape[axis] / side);
    const outer = tf.util.sizeFromShape(y.shape.slice(0, axis));
    const inner = tf.util.sizeFromShape(y.shape.slice(axis + 1));
    const flat = tf.slice(
      tf.reshape(y, [outer, y.shape[axis], inner]),
      [0, 0, 0],
      [-1, count * side, -1],
    );
    const shape = y.shape.slice();
    shape[axis] = count;
    return tf.reshape(tf.max(tf.reshape(flat, [outer, count, side, inner]), 2), shape);
  }, x);
}
