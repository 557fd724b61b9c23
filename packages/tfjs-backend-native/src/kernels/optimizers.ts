import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeKernel } from '../kernel.js';

type SgdAttrs = {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
  weightDecay: number;
};

type AdamAttrs = {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** AdamW: the decay is applied to the parameters, not added to the gradient. */
  decoupled: boolean;
  /** Number of this update, from 1. */
  step: number;
};

export const genesisSgd: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const { param, grad, velocity } = inputs as Record<'param' | 'grad' | 'velocity', TensorInfo>;
  const { learningRate, momentum, nesterov, weightDecay } = attrs as unknown as SgdAttrs;
  const newParam = backend.floatOutput(param.shape);
  const newVelocity = backend.floatOutput(param.shape);
  addon.sgd(
    learningRate,
    momentum,
    weightDecay,
    nesterov,
    backend.floats(param),
    backend.floats(grad),
    backend.floats(velocity),
    newParam.data,
    newVelocity.data,
  );
  return [newParam.info, newVelocity.info];
};

export const genesisAdam: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const { param, grad, m, v } = inputs as Record<'param' | 'grad' | 'm' | 'v', TensorInfo>;
  const a = attrs as unknown as AdamAttrs;
  const newParam = backend.floatOutput(param.shape);
  const newM = backend.floatOutput(param.shape);
  const newV = backend.floatOutput(param.shape);
  addon.adam(
    a.learningRate,
    a.beta1,
    a.beta2,
    a.epsilon,
    a.weightDecay,
    a.decoupled,
    a.step,
    backend.floats(param),
    backend.floats(grad),
    backend.floats(m),
    backend.floats(v),
    newParam.data,
    newM.data,
    newV.data,
  );
  return [newParam.info, newM.info, newV.info];
};
