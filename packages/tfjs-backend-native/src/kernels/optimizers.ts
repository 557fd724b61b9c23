import type { GenesisAdam, GenesisSgd } from '@genesis/core/kernels';
import type { FusedKernel } from '../kernel.js';

export const genesisSgd: FusedKernel<typeof GenesisSgd> = ({ inputs, attrs, backend, addon }) => {
  const { param, grad, velocity } = inputs;
  const { learningRate, momentum, nesterov, weightDecay } = attrs;
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

export const genesisAdam: FusedKernel<typeof GenesisAdam> = ({ inputs, attrs, backend, addon }) => {
  const { param, grad, m, v } = inputs;
  const newParam = backend.floatOutput(param.shape);
  const newM = backend.floatOutput(param.shape);
  const newV = backend.floatOutput(param.shape);
  addon.adam(
    attrs.learningRate,
    attrs.beta1,
    attrs.beta2,
    attrs.epsilon,
    attrs.weightDecay,
    attrs.decoupled,
    attrs.step,
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
