import { util } from '@tensorflow/tfjs-core';
import { broadcastWalk } from '../broadcast.js';
import { allFloat, type NativeKernel } from '../kernel.js';

export const addN: NativeKernel = ({ inputs, backend, addon }) => {
  const [first, second, ...rest] = Object.values(inputs);
  if (!first || !second || !allFloat(first, second, ...rest)) return undefined;
  const { list } = broadcastWalk(
    [util.sizeFromShape(first.shape)],
    [util.sizeFromShape(second.shape)],
  )!;
  const { info, data } = backend.floatOutput(first.shape);
  const { Add } = addon.binaryOps;
  addon.binary(Add, list, backend.floats(first), backend.floats(second), data);
  for (const term of rest) addon.binary(Add, list, data, backend.floats(term), data);
  return info;
};
