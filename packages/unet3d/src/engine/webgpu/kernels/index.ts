import {
  GenesisAdam,
  GenesisConv3dBias,
  type GenesisKernelName,
  GenesisNormAct,
  GenesisNormActGrad,
  GenesisSgd,
  GenesisUpsample3d,
  GenesisUpsample3dGrad,
} from '@genesis/core/kernels';
import { conv3dBias, convKernels } from './conv3d.js';
import { elementwiseKernels } from './elementwise.js';
import type { GpuKernel } from './kernel-call.js';
import { layoutKernels, upsample3d } from './layout.js';
import { poolKernels } from './max-pool3d.js';
import { normAct, normActGrad } from './norm-act.js';
import { adam, sgd } from './optimizers.js';
import { reduceKernels, upsample3dGrad } from './reduce.js';

/** Fused kernels of the contract; the rest is composed. */
export const fusedKernels = {
  [GenesisAdam]: adam,
  [GenesisConv3dBias]: conv3dBias,
  [GenesisNormAct]: normAct,
  [GenesisNormActGrad]: normActGrad,
  [GenesisSgd]: sgd,
  [GenesisUpsample3d]: upsample3d,
  [GenesisUpsample3dGrad]: upsample3dGrad,
} satisfies Partial<Record<GenesisKernelName, GpuKernel>>;

/** Kernels that take the place of stock ones. */
export const replacedKernels: Readonly<Record<string, GpuKernel>> = {
  ...convKernels,
  ...elementwiseKernels,
  ...layoutKernels,
  ...poolKernels,
  ...reduceKernels,
};
