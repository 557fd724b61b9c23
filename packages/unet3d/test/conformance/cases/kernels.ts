import {
  type AdamAttrs,
  type ClassSumsAttrs,
  type Conv3dBiasAttrs,
  type ConvTranspose3dBiasAttrs,
  DEFAULT_ALPHA,
  type FusedActivation,
  GenesisAdam,
  GenesisClassSums,
  GenesisClassSumsGrad,
  GenesisConv3dBias,
  GenesisConv3dInputGrad,
  GenesisConvTranspose3dBias,
  GenesisNormAct,
  GenesisNormActGrad,
  GenesisSgd,
  GenesisSoftmaxGrad,
  GenesisUpsample3d,
  GenesisUpsample3dGrad,
  type NormActAttrs,
  type SgdAttrs,
  type Upsample3dAttrs,
} from '@genesis/core/kernels';
import { noise } from '@genesis/testing/numbers';
import * as tf from '@tensorflow/tfjs-core';
import type { KernelCase } from '../api.js';
import { plainConv3d, plainConvTranspose3d, plainNormAct, plainUpsample3d } from './plain.js';

type Named = Record<string, tf.Tensor>;

const values = (shape: readonly number[], seed: number, scale = 1, shift = 0): tf.Tensor =>
  tf.tensor(
    noise(tf.util.sizeFromShape([...shape]), seed).map((value) => value * scale + shift),
    [...shape],
  );

function conv3dBias(
  x: readonly number[],
  filter: readonly number[],
  attrs: Conv3dBiasAttrs,
): KernelCase {
  return {
    name: `${GenesisConv3dBias} of ${x.join('×')}, filter ${filter.join('×')}, ${JSON.stringify(attrs)}`,
    kernel: GenesisConv3dBias,
    attrs,
    inputs: () => ({ x: values(x, 1), filter: values(filter, 2), bias: values([filter[4]], 3) }),
    expected: ({ x, filter, bias }) => [plainConv3d(x, filter, bias, attrs.strides, attrs.pad)],
  };
}

function conv3dInputGrad(
  x: readonly number[],
  filter: readonly number[],
  attrs: Conv3dBiasAttrs,
): KernelCase {
  const plain = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    plainConv3d(x, filter, null, attrs.strides, attrs.pad);
  return {
    name: `${GenesisConv3dInputGrad} of ${x.join('×')}, filter ${filter.join('×')}, ${JSON.stringify(attrs)}`,
    kernel: GenesisConv3dInputGrad,
    attrs,
    inputs: () => {
      const given = { x: values(x, 1), filter: values(filter, 2) };
      return { ...given, dy: values(plain(given.x, given.filter).shape, 3) };
    },
    expected: ({ x, filter, dy }) => [tf.grad((x: tf.Tensor) => plain(x, filter))(x, dy)],
  };
}

function convTranspose3dBias(
  x: readonly number[],
  filter: readonly number[],
  attrs: ConvTranspose3dBiasAttrs,
): KernelCase {
  return {
    name: `${GenesisConvTranspose3dBias} of ${x.join('×')}, filter ${filter.join('×')}, ${JSON.stringify(attrs)}`,
    kernel: GenesisConvTranspose3dBias,
    attrs,
    inputs: () => ({ x: values(x, 1), filter: values(filter, 2), bias: values([filter[3]], 3) }),
    expected: ({ x, filter, bias }) => [plainConvTranspose3d(x, filter, bias, attrs.strides)],
  };
}

function softmaxGrad(shape: readonly number[]): KernelCase {
  return {
    name: `${GenesisSoftmaxGrad} of ${shape.join('×')}`,
    kernel: GenesisSoftmaxGrad,
    attrs: {},
    inputs: () => ({ y: tf.softmax(values(shape, 1, 3)), dy: values(shape, 2) }),
    expected: ({ y, dy }) => [tf.mul(y, tf.sub(dy, tf.sum(tf.mul(y, dy), -1, true)))],
  };
}

function classSums(shape: readonly number[], attrs: ClassSumsAttrs): KernelCase[] {
  // In the terms of the contract, the logarithm away from 0.
  const plain = (target: tf.Tensor, p: tf.Tensor): tf.Tensor => {
    const logs = tf.log(tf.add(tf.mul(p, 1 - 2e-7), 1e-7));
    const entropies = attrs.entropy ? tf.mul(target, logs) : tf.mul(p, 0);
    return tf.stack(
      [entropies, tf.mul(target, p), target, p].map((terms) => tf.sum(terms, 1)),
      1,
    );
  };
  const inputs = (): Named => ({
    target: tf.softmax(values(shape, 1, 20)),
    prediction: tf.softmax(values(shape, 2, 3)),
  });
  const label = `of ${shape.join('×')}, ${JSON.stringify(attrs)}`;
  return [
    {
      name: `${GenesisClassSums} ${label}`,
      kernel: GenesisClassSums,
      attrs,
      inputs,
      expected: ({ target, prediction }) => [plain(target, prediction)],
    },
    {
      name: `${GenesisClassSumsGrad} ${label}`,
      kernel: GenesisClassSumsGrad,
      attrs,
      inputs: () => ({ ...inputs(), dsums: values([shape[0], 4, shape[2]], 3) }),
      expected: ({ target, prediction, dsums }) => [
        tf.grad((p: tf.Tensor) => plain(target, p))(prediction, dsums),
      ],
    },
  ];
}

function normAct(channels: number, attrs: NormActAttrs): KernelCase[] {
  const { groups, epsilon, activation, alpha = DEFAULT_ALPHA[activation] } = attrs;
  const shape = [2, 3, 5, 4, channels];
  const plain = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor[] =>
    plainNormAct(x, gamma, beta, groups, epsilon, activation, alpha);
  const inputs = (): Named => ({
    x: values(shape, 1, 1, 2),
    gamma: values([channels], 2, 0.5, 1),
    beta: values([channels], 3),
  });
  const label = `of ${channels} channels, ${JSON.stringify(attrs)}`;
  return [
    {
      name: `${GenesisNormAct} ${label}`,
      kernel: GenesisNormAct,
      attrs,
      inputs,
      expected: ({ x, gamma, beta }) => plain(x, gamma, beta),
    },
    {
      name: `${GenesisNormActGrad} ${label}`,
      kernel: GenesisNormActGrad,
      attrs,
      inputs: () => {
        const given = inputs();
        const [, mean, invStd] = plain(given.x, given.gamma, given.beta);
        return { ...given, mean, invStd, dy: values(shape, 4) };
      },
      expected: ({ x, gamma, beta, dy }) =>
        tf.grads((x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => plain(x, gamma, beta)[0])(
          [x, gamma, beta],
          dy,
        ),
    },
  ];
}

function upsample3d(shape: readonly number[], attrs: Upsample3dAttrs): KernelCase[] {
  const plain = (x: tf.Tensor): tf.Tensor => plainUpsample3d(x, attrs.size);
  const label = `of ${shape.join('×')} by ${attrs.size.join('×')}`;
  return [
    {
      name: `${GenesisUpsample3d} ${label}`,
      kernel: GenesisUpsample3d,
      attrs,
      inputs: () => ({ x: values(shape, 1) }),
      expected: ({ x }) => [plain(x)],
    },
    {
      name: `${GenesisUpsample3dGrad} ${label}`,
      kernel: GenesisUpsample3dGrad,
      attrs,
      inputs: () => ({ dy: values(plain(tf.zeros([...shape])).shape, 1) }),
      expected: ({ dy }) => [tf.grad(plain)(tf.zeros([...shape]), dy)],
    },
  ];
}

/** In float64, so that it is the reference for every engine: [...inputs] → [...outputs], element by element. */
function elementwise(
  inputs: readonly tf.Tensor[],
  count: number,
  f: (...elements: number[]) => number[],
): tf.Tensor[] {
  const data = inputs.map((tensor) => tensor.dataSync());
  const outputs = Array.from({ length: count }, () => new Float32Array(inputs[0].size));
  for (let i = 0; i < inputs[0].size; i++) {
    for (const [k, value] of f(...data.map((array) => array[i])).entries()) outputs[k][i] = value;
  }
  return outputs.map((output) => tf.tensor(output, inputs[0].shape));
}

function sgd(shape: readonly number[], attrs: SgdAttrs): KernelCase {
  const { learningRate, momentum, nesterov, weightDecay } = attrs;
  return {
    name: `${GenesisSgd} of ${shape.join('×')}, ${JSON.stringify(attrs)}`,
    kernel: GenesisSgd,
    attrs,
    inputs: () => ({
      param: values(shape, 1),
      grad: values(shape, 2),
      velocity: values(shape, 3),
    }),
    expected: ({ param, grad, velocity }) =>
      elementwise([param, grad, velocity], 2, (p, g, v) => {
        const decayed = g + weightDecay * p;
        const next = momentum === 0 ? decayed : momentum * v + decayed;
        return [p - learningRate * (nesterov ? decayed + momentum * next : next), next];
      }),
  };
}

function adam(shape: readonly number[], attrs: AdamAttrs): KernelCase {
  const { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step } = attrs;
  return {
    name: `${GenesisAdam} of ${shape.join('×')}, ${JSON.stringify(attrs)}`,
    kernel: GenesisAdam,
    attrs,
    inputs: () => ({
      param: values(shape, 1),
      grad: values(shape, 2),
      m: values(shape, 3, 0.1),
      v: values(shape, 4, 0.01, 0.011),
    }),
    expected: ({ param, grad, m, v }) =>
      elementwise([param, grad, m, v], 3, (p, g, m, v) => {
        const start = decoupled ? p * (1 - learningRate * weightDecay) : p;
        const slope = decoupled ? g : g + weightDecay * p;
        const nextM = beta1 * m + (1 - beta1) * slope;
        const nextV = beta2 * v + (1 - beta2) * slope * slope;
        const root = Math.sqrt(nextV) / Math.sqrt(1 - beta2 ** step) + epsilon;
        return [start - (learningRate / (1 - beta1 ** step)) * (nextM / root), nextM, nextV];
      }),
  };
}

const ACTIVATIONS: readonly FusedActivation[] = ['linear', 'relu', 'leakyRelu', 'elu'];
const EPSILON = 1e-5;
const ADAM = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** Every fused kernel of the contract, called by its name; attributes that have a default are also left out. */
export const kernels: readonly KernelCase[] = [
  conv3dBias([2, 5, 4, 3, 1], [3, 3, 3, 1, 5], { strides: [1, 1, 1], pad: 'same' }),
  conv3dBias([1, 6, 7, 5, 12], [3, 3, 3, 12, 33], { strides: [1, 1, 1], pad: 'same' }),
  conv3dBias([1, 7, 6, 5, 3], [3, 3, 3, 3, 12], { strides: [2, 2, 1], pad: 'same' }),
  conv3dBias([1, 6, 5, 4, 33], [1, 1, 1, 33, 3], { strides: [1, 1, 1], pad: 'valid' }),
  conv3dBias([1, 6, 5, 4, 5], [2, 3, 1, 5, 1], { strides: [1, 2, 3], pad: 'valid' }),
  conv3dInputGrad([2, 5, 4, 3, 2], [3, 3, 3, 2, 5], { strides: [1, 1, 1], pad: 'same' }),
  conv3dInputGrad([1, 6, 7, 5, 33], [3, 3, 3, 33, 12], { strides: [1, 1, 1], pad: 'same' }),
  conv3dInputGrad([1, 7, 6, 5, 3], [3, 2, 3, 3, 12], { strides: [2, 2, 1], pad: 'valid' }),
  convTranspose3dBias([2, 3, 2, 5, 3], [2, 2, 2, 5, 3], { strides: [2, 2, 2] }),
  convTranspose3dBias([1, 3, 4, 5, 33], [3, 2, 1, 12, 33], { strides: [2, 2, 1] }),
  softmaxGrad([7, 1]),
  softmaxGrad([2, 3, 5, 5]),
  softmaxGrad([37, 33]),
  softmaxGrad([5, 100]),
  ...classSums([2, 77, 1], { entropy: true }),
  ...classSums([1, 1021, 5], { entropy: true }),
  ...classSums([3, 100, 33], { entropy: true }),
  ...classSums([2, 4000, 3], { entropy: false }),
  ...ACTIVATIONS.flatMap((activation) => [
    ...normAct(1, { groups: 'batch', epsilon: EPSILON, activation }),
    ...normAct(5, { groups: 'instance', epsilon: EPSILON, activation }),
    ...normAct(12, { groups: 3, epsilon: 1e-3, activation, alpha: 0.4 }),
    ...normAct(33, { groups: 'batch', epsilon: EPSILON, activation, alpha: 0.7 }),
  ]),
  ...upsample3d([2, 3, 1, 2, 1], { size: [2, 2, 2] }),
  ...upsample3d([1, 2, 3, 5, 12], { size: [1, 3, 2] }),
  ...upsample3d([1, 3, 2, 2, 33], { size: [2, 1, 2] }),
  sgd([3], { learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 }),
  sgd([5, 7, 33], { learningRate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 0.01 }),
  sgd([2, 3, 3, 5, 12], { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0 }),
  adam([3], { ...ADAM, decoupled: false, step: 1 }),
  adam([5, 7, 33], { ...ADAM, weightDecay: 0.1, decoupled: false, step: 7 }),
  adam([2, 3, 3, 5, 12], { ...ADAM, weightDecay: 0.1, decoupled: true, step: 100 }),
];
