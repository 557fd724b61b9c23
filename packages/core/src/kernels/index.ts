/**
 * The contract between networks and back ends: names, inputs, attributes and outputs of the fused kernels that
 * `@genesis/unet3d` calls and a back end registers with TensorFlow.js. Tensors are channels last, [n, d, h, w, c].
 * @packageDocumentation
 */
export { DEFAULT_ALPHA, type FusedActivation } from './activation.js';
export {
  GENESIS_KERNELS,
  type GenesisKernelName,
  type GenesisKernels,
  type KernelSignature,
} from './contract.js';
export {
  type Conv3dBiasAttrs,
  type Conv3dBiasInputs,
  type Conv3dBiasOutputs,
  GenesisConv3dBias,
} from './conv3d-bias.js';
export {
  GenesisNormAct,
  GenesisNormActGrad,
  type NormActAttrs,
  type NormActGradInputs,
  type NormActGradOutputs,
  type NormActInputs,
  type NormActOutputs,
} from './norm-act.js';
export {
  type AdamAttrs,
  type AdamInputs,
  type AdamOutputs,
  GenesisAdam,
  GenesisSgd,
  type SgdAttrs,
  type SgdInputs,
  type SgdOutputs,
} from './optimizers.js';
export {
  GenesisUpsample3d,
  GenesisUpsample3dGrad,
  type Upsample3dAttrs,
  type Upsample3dGradInputs,
  type Upsample3dGradOutputs,
  type Upsample3dInputs,
  type Upsample3dOutputs,
} from './upsample3d.js';
