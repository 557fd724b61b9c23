import type {
  ClassSumsAttrs,
  ClassSumsGradInputs,
  ClassSumsGradOutputs,
  ClassSumsInputs,
  ClassSumsOutputs,
} from './class-sums.js';
import { GenesisClassSums, GenesisClassSumsGrad } from './class-sums.js';
import type {
  ConvTranspose3dBiasAttrs,
  ConvTranspose3dBiasInputs,
  ConvTranspose3dBiasOutputs,
} from './conv-transpose3d-bias.js';
import { GenesisConvTranspose3dBias } from './conv-transpose3d-bias.js';
import type { Conv3dBiasAttrs, Conv3dBiasInputs, Conv3dBiasOutputs } from './conv3d-bias.js';
import { GenesisConv3dBias } from './conv3d-bias.js';
import type {
  Conv3dInputGradAttrs,
  Conv3dInputGradInputs,
  Conv3dInputGradOutputs,
} from './conv3d-input-grad.js';
import { GenesisConv3dInputGrad } from './conv3d-input-grad.js';
import type {
  NormActAttrs,
  NormActGradInputs,
  NormActGradOutputs,
  NormActInputs,
  NormActOutputs,
} from './norm-act.js';
import { GenesisNormAct, GenesisNormActGrad } from './norm-act.js';
import type {
  AdamAttrs,
  AdamInputs,
  AdamOutputs,
  SgdAttrs,
  SgdInputs,
  SgdOutputs,
} from './optimizers.js';
import { GenesisAdam, GenesisSgd } from './optimizers.js';
import type { SoftmaxGradAttrs, SoftmaxGradInputs, SoftmaxGradOutputs } from './softmax-grad.js';
import { GenesisSoftmaxGrad } from './softmax-grad.js';
import type {
  Upsample3dAttrs,
  Upsample3dGradInputs,
  Upsample3dGradOutputs,
  Upsample3dInputs,
  Upsample3dOutputs,
} from './upsample3d.js';
import { GenesisUpsample3d, GenesisUpsample3dGrad } from './upsample3d.js';

/** What one kernel takes and gives. */
export interface KernelSignature<Inputs, Attrs, Outputs> {
  /** Tensors by name. */
  inputs: Inputs;
  /** Plain data. */
  attrs: Attrs;
  /** One tensor, or several in order. */
  outputs: Outputs;
}

/**
 * Every fused kernel, with what it takes and gives. A network asks whether the back end in use has one and composes it from stock
 * operations otherwise, so that a back end may have some of them only.
 *
 * @typeParam T - What a tensor is there: `Tensor` where kernels are called, `TensorInfo` where they are registered.
 */
export interface GenesisKernels<T> {
  [GenesisConv3dBias]: KernelSignature<Conv3dBiasInputs<T>, Conv3dBiasAttrs, Conv3dBiasOutputs<T>>;
  [GenesisConv3dInputGrad]: KernelSignature<
    Conv3dInputGradInputs<T>,
    Conv3dInputGradAttrs,
    Conv3dInputGradOutputs<T>
  >;
  [GenesisConvTranspose3dBias]: KernelSignature<
    ConvTranspose3dBiasInputs<T>,
    ConvTranspose3dBiasAttrs,
    ConvTranspose3dBiasOutputs<T>
  >;
  [GenesisNormAct]: KernelSignature<NormActInputs<T>, NormActAttrs, NormActOutputs<T>>;
  [GenesisNormActGrad]: KernelSignature<NormActGradInputs<T>, NormActAttrs, NormActGradOutputs<T>>;
  [GenesisUpsample3d]: KernelSignature<Upsample3dInputs<T>, Upsample3dAttrs, Upsample3dOutputs<T>>;
  [GenesisUpsample3dGrad]: KernelSignature<
    Upsample3dGradInputs<T>,
    Upsample3dAttrs,
    Upsample3dGradOutputs<T>
  >;
  [GenesisSoftmaxGrad]: KernelSignature<
    SoftmaxGradInputs<T>,
    SoftmaxGradAttrs,
    SoftmaxGradOutputs<T>
  >;
  [GenesisClassSums]: KernelSignature<ClassSumsInputs<T>, ClassSumsAttrs, ClassSumsOutputs<T>>;
  [GenesisClassSumsGrad]: KernelSignature<
    ClassSumsGradInputs<T>,
    ClassSumsAttrs,
    ClassSumsGradOutputs<T>
  >;
  [GenesisSgd]: KernelSignature<SgdInputs<T>, SgdAttrs, SgdOutputs<T>>;
  [GenesisAdam]: KernelSignature<AdamInputs<T>, AdamAttrs, AdamOutputs<T>>;
}

/** Name of a fused kernel. */
export type GenesisKernelName = keyof GenesisKernels<unknown>;

/** The names of all fused kernels. */
export const GENESIS_KERNELS: readonly GenesisKernelName[] = [
  GenesisConv3dBias,
  GenesisConv3dInputGrad,
  GenesisConvTranspose3dBias,
  GenesisNormAct,
  GenesisNormActGrad,
  GenesisUpsample3d,
  GenesisUpsample3dGrad,
  GenesisSoftmaxGrad,
  GenesisClassSums,
  GenesisClassSumsGrad,
  GenesisSgd,
  GenesisAdam,
];
