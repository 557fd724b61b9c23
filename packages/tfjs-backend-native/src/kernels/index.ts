import {
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  MaxPool3D,
  MaxPool3DGrad,
} from '@tensorflow/tfjs-core';
import type { NativeKernel } from '../kernel.js';
import { conv3d, conv3dBackpropFilter, conv3dBackpropInput, genesisConv3dBias } from './conv3d.js';
import { maxPool3d, maxPool3dGrad } from './max-pool3d.js';
import { genesisNormAct, genesisNormActGrad } from './norm-act.js';
import { genesisAdam, genesisSgd } from './optimizers.js';
import { genesisUpsample3d, genesisUpsample3dGrad } from './upsample3d.js';

/** Kernels that replace stock ones. */
export const overriddenKernels: Readonly<Record<string, NativeKernel>> = {
  [Conv3D]: conv3d,
  [Conv3DBackpropInputV2]: conv3dBackpropInput,
  [Conv3DBackpropFilterV2]: conv3dBackpropFilter,
  [MaxPool3D]: maxPool3d,
  [MaxPool3DGrad]: maxPool3dGrad,
};

/** Fused kernels that no other back end has. */
export const genesisKernels: Readonly<Record<string, NativeKernel>> = {
  GenesisConv3dBias: genesisConv3dBias,
  GenesisNormAct: genesisNormAct,
  GenesisNormActGrad: genesisNormActGrad,
  GenesisUpsample3d: genesisUpsample3d,
  GenesisUpsample3dGrad: genesisUpsample3dGrad,
  GenesisSgd: genesisSgd,
  GenesisAdam: genesisAdam,
};
