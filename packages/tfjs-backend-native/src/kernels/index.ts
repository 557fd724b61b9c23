import {
  GenesisAdam,
  GenesisClassSums,
  GenesisClassSumsGrad,
  GenesisConv3dBias,
  GenesisConv3dInputGrad,
  GenesisConvTranspose3dBias,
  type GenesisKernelName,
  GenesisNormAct,
  GenesisNormActGrad,
  GenesisSgd,
  GenesisSoftmaxGrad,
  GenesisUpsample3d,
  GenesisUpsample3dGrad,
} from '@genesis/core/kernels';
import {
  _FusedMatMul,
  AddN,
  BatchMatMul,
  Cast,
  Concat,
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  Fill,
  Max,
  MaxPool3D,
  MaxPool3DGrad,
  Mean,
  Min,
  OnesLike,
  PadV2,
  Select,
  Slice,
  Softmax,
  SplitV,
  Sum,
  Tile,
  Transpose,
  ZerosLike,
} from '@tensorflow/tfjs-core';
import type { FusedKernel, NativeKernel } from '../kernel.js';
import { addN } from './add-n.js';
import { binaryKernels } from './binary.js';
import { cast } from './cast.js';
import { genesisClassSums, genesisClassSumsGrad } from './class-sums.js';
import { concat } from './concat.js';
import {
  conv3d,
  conv3dBackpropFilter,
  conv3dBackpropInput,
  genesisConv3dBias,
  genesisConv3dInputGrad,
  genesisConvTranspose3dBias,
} from './conv3d.js';
import { fill, onesLike, zerosLike } from './fill.js';
import { batchMatMul, fusedMatMul } from './mat-mul.js';
import { maxPool3d, maxPool3dGrad } from './max-pool3d.js';
import { genesisNormAct, genesisNormActGrad } from './norm-act.js';
import { genesisAdam, genesisSgd } from './optimizers.js';
import { padV2 } from './pad.js';
import { max, mean, min, sum } from './reduce.js';
import { select } from './select.js';
import { slice, splitV } from './slice.js';
import { genesisSoftmaxGrad, softmax } from './softmax.js';
import { tile } from './tile.js';
import { transpose } from './transpose.js';
import { unaryKernels } from './unary.js';
import { genesisUpsample3d, genesisUpsample3dGrad } from './upsample3d.js';

/** Kernels that replace stock ones. */
export const overriddenKernels: Readonly<Record<string, NativeKernel>> = {
  [Conv3D]: conv3d,
  [Conv3DBackpropInputV2]: conv3dBackpropInput,
  [Conv3DBackpropFilterV2]: conv3dBackpropFilter,
  [MaxPool3D]: maxPool3d,
  [MaxPool3DGrad]: maxPool3dGrad,
  [BatchMatMul]: batchMatMul,
  [_FusedMatMul]: fusedMatMul,
  ...unaryKernels,
  ...binaryKernels,
  [AddN]: addN,
  [Select]: select,
  [Cast]: cast,
  [Sum]: sum,
  [Mean]: mean,
  [Max]: max,
  [Min]: min,
  [Softmax]: softmax,
  [Concat]: concat,
  [Slice]: slice,
  [SplitV]: splitV,
  [PadV2]: padV2,
  [Tile]: tile,
  [Transpose]: transpose,
  [Fill]: fill,
  [ZerosLike]: zerosLike,
  [OnesLike]: onesLike,
};

/** The fused kernels of the contract, which no stock back end has. */
export const fusedKernels: Readonly<{ [Name in GenesisKernelName]: FusedKernel<Name> }> = {
  [GenesisConv3dBias]: genesisConv3dBias,
  [GenesisConv3dInputGrad]: genesisConv3dInputGrad,
  [GenesisConvTranspose3dBias]: genesisConvTranspose3dBias,
  [GenesisNormAct]: genesisNormAct,
  [GenesisNormActGrad]: genesisNormActGrad,
  [GenesisUpsample3d]: genesisUpsample3d,
  [GenesisUpsample3dGrad]: genesisUpsample3dGrad,
  [GenesisSoftmaxGrad]: genesisSoftmaxGrad,
  [GenesisClassSums]: genesisClassSums,
  [GenesisClassSumsGrad]: genesisClassSumsGrad,
  [GenesisSgd]: genesisSgd,
  [GenesisAdam]: genesisAdam,
};
