/**
 * The contract between networks and back ends: names, inputs, attributes and outputs of the fused kernels that
 * `@genesis/unet3d` calls and a back end registers with TensorFlow.js. Tensors are channels last, [n, d, h, w, c].
 * @packageDocumentation
 */
export { DEFAULT_ALPHA, type FusedActivation } from './activation.js';
export {
  type ClassSumsAttrs,
  type ClassSumsGradInputs,
  type ClassSumsGradOutputs,
  type ClassSumsInputs,
  type ClassSumsOutputs,
  GenesisClassSums,
  GenesisClassSumsGrad,
} from './class-sums.js';
export {
  GENESIS_KERNELS,
  type GenesisKernelName,
  type GenesisKernels,
  type KernelSignature,
} from './contract.js';
export {
  type ConvTranspose3dBiasAttrs,
  type ConvTranspose3dBiasInputs,
  type ConvTranspose3dBiasOutputs,
  GenesisConvTranspose3dBias,
} from './conv-transpose3d-bias.js';
export {
  type Conv3dBiasAttrs,
  type Conv3dBiasInputs,
  type Conv3dBiasOutputs,
  GenesisConv3dBias,
} from './conv3d-bias.js';
export {
  type Conv3dInputGradAttrs,
  type Conv3dInputGradInputs,
  type Conv3dInputGradOutputs,
  GenesisConv3dInputGrad,
} from './conv3d-input-grad.js';
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
  GenesisSoftmaxGrad,
  type SoftmaxGradAttrs,
  type SoftmaxGradInputs,
  type SoftmaxGradOutputs,
} from './softmax-grad.js';
export {
  GenesisUpsample3d,
  GenesisUpsample3dGrad,
  type Upsample3dAttrs,
  type Upsample3dGradInputs,
  type Upsample3dGradOutputs,
  type Upsample3dInputs,
  type Upsample3dOutputs,
} from './upsample3d.js';
