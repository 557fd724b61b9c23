import type { GenesisClassSums, GenesisClassSumsGrad } from '@genesis/core/kernels';
import { allFloat, type FusedKernel, sizes } from '../kernel.js';

const SUMS = 4;

export const genesisClassSums: FusedKernel<typeof GenesisClassSums> = ({
  inputs: { target, prediction },
  attrs,
  backend,
  addon,
}) => {
  if (!allFloat(target, prediction)) return undefined;
  const [samples, voxels, classes] = prediction.shape as [number, number, number];
  const { info, data } = backend.floatOutput([samples, SUMS, classes]);
  addon.classSums(
    sizes(samples, voxels, classes),
    attrs.entropy,
    backend.floats(target),
    backend.floats(prediction),
    data,
  );
  return info;
};

export const genesisClassSumsGrad: FusedKernel<typeof GenesisClassSumsGrad> = ({
  inputs: { dsums, target, prediction },
  attrs,
  backend,
  addon,
}) => {
  if (!allFloat(dsums, target, prediction)) return undefined;
  const { info, data } = backend.floatOutput(prediction.shape);
  addon.classSumsGrad(
    sizes(...prediction.shape),
    attrs.entropy,
    backend.floats(dsums),
    backend.floats(target),
    backend.floats(prediction),
    data,
  );
  return info;
};
