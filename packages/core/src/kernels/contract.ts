import type { Conv3dBiasAttrs, Conv3dBiasInputs, Conv3dBiasOutputs } from './conv3d-bias.js';
import { GenesisConv3dBias } from './conv3d-bias.js';
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
  [GenesisNormAct]: KernelSignature<NormActInputs<T>, NormActAttrs, NormActOutputs<T>>;
  [GenesisNormActGrad]: KernelSignature<NormActGradInputs<T>, NormActAttrs, NormActGradOutputs<T>>;
  [GenesisUpsample3d]: KernelSignature<Upsample3dInputs<T>, Upsample3dAttrs, Upsample3dOutputs<T>>;
  [GenesisUpsample3dGrad]: KernelSignature<
    Upsample3dGradInputs<T>,
    Upsample3dAttrs,
    Upsample3dGradOutputs<T>
  >;
  [GenesisSgd]: KernelSignature<SgdInputs<T>, SgdAttrs, SgdOutputs<T>>;
  [GenesisAdam]: KernelSignature<AdamInputs<T>, AdamAttrs, AdamOutputs<T>>;
}

/** Name of a fused kernel. */
export type GenesisKernelName = keyof GenesisKernels<unknown>;

/** The names of all fused kernels. */
export const GENESIS_KERNELS: readonly GenesisKernelName[] = [
  GenesisConv3dBias,
  GenesisNormAct,
  GenesisNormActGrad,
  GenesisUpsample3d,
  GenesisUpsample3dGrad,
  GenesisSgd,
  GenesisAdam,
];
