import type { AdamAttrs, SgdAttrs } from '@genesis/core/kernels';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import { bitsOf } from '../device/kernel.js';
import { adamStep, sgdStep } from '../wgsl/optimizers.js';
import { allFloat, type GpuKernel } from './kernel-call.js';
import { elementGroups, mostElements, partOf, sizeOf } from './ranges.js';

/** Runs a kernel over all elements of tensors of one shape and gives its results. */
function overElements(
  backend: GenesisBackend,
  name: string,
  make: (width: 1 | 4) => { code: string; access: string },
  inputs: readonly TensorInfo[],
  results: number,
  floats: readonly number[],
): TensorInfo[] {
  const outputs = Array.from({ length: results }, () => backend.output(inputs[0].shape));
  const all = sizeOf(inputs[0]);
  const width = all % 4 === 0 ? 4 : 1;
  const access = 'r'.repeat(inputs.length) + 'w'.repeat(results);
  const kernel = { name, key: `${name}|${width}`, access, code: () => make(width).code };
  // Whole runs of addresses that a binding may start at, so that every part starts at zero.
  const step = backend.limits.alignment;
  const at = Math.max(step, Math.floor(mostElements(backend) / step) * step);
  for (let first = 0; first < all; first += at) {
    const size = Math.min(at, all - first);
    const count = size / width;
    backend.launch({
      kernel,
      buffers: [...inputs, ...outputs].map((tensor) => partOf(backend, tensor, first, size).range),
      params: floats.map(bitsOf),
      groups: [...elementGroups(backend, count), 1],
    });
  }
  return outputs;
}

/** {@link GenesisSgd}. */
export const sgd: GpuKernel = ({ inputs: { param, grad, velocity }, attrs, backend }) => {
  if (!allFloat(param, grad, velocity)) return undefined;
  const { learningRate, momentum, nesterov, weightDecay } = attrs as unknown as SgdAttrs;
  const floats = [learningRate, momentum, weightDecay, nesterov ? 1 : 0];
  return overElements(backend, 'SGD', sgdStep, [param, grad, velocity], 2, floats);
};

/** {@link GenesisAdam}. */
export const adam: GpuKernel = ({ inputs: { param, grad, m, v }, attrs, backend }) => {
  if (!allFloat(param, grad, m, v)) return undefined;
  const { learningRate, beta1, beta2, epsilon, weightDecay, decoupled, step } =
    attrs as unknown as AdamAttrs;
  const floats = [
    ...[beta1, 1 - beta1, beta2, 1 - beta2, epsilon],
    decoupled ? 1 - learningRate * weightDecay : 1,
    decoupled ? 0 : weightDecay,
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
  ];
  return overElements(backend, 'Adam', adamStep, [param, grad, m, v], 3, floats);
};
