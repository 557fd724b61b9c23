import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { allFloat, type NativeKernel } from '../kernel.js';

export const select: NativeKernel = ({ inputs, backend, addon }) => {
  const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', TensorInfo>;
  const sameShape =
    util.arraysEqual(condition.shape, t.shape) && util.arraysEqual(t.shape, e.shape);
  if (!allFloat(t, e) || !sameShape || condition.dtype !== 'bool') return undefined;
  const { info, data } = backend.floatOutput(t.shape);
  addon.choose(
    backend.elements(condition) as Uint8Array,
    backend.floats(t),
    backend.floats(e),
    data,
  );
  return info;
};
