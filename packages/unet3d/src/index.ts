/**
 * 3-D U-Nets for TensorFlow.js: everything under one name. Each part also has an entry of its own, `@genesis/unet3d/models` and so
 * on, named after its folder.
 * @packageDocumentation
 */
import './layers/register-layers.js';

export type {
  Activation,
  HeadActivation,
  KernelInit,
  NamedNdArrays,
  NamedTensorLikes,
  Norm,
  Padding,
  TensorData,
  TensorLike,
  Triple,
} from './api.js';
export * from './engine/index.js';
export {
  EngineUnavailableError,
  OptionError,
  UNet3dError,
  type UNet3dErrorCode,
  WebGpuError,
  type WebGpuErrorCode,
} from './errors.js';
export * from './io/index.js';
export * from './layers/index.js';
export * from './losses/index.js';
export * from './metrics/index.js';
export * from './models/index.js';
export * from './onnx/index.js';
export * from './ops/index.js';
export * from './optim/index.js';
export * from './schedules/index.js';
export * from './tensor/index.js';
export * from './train/index.js';
export * from './weights/index.js';
