/**
 * A TensorFlow.js back end in C++ for CPUs, made for the training of 3-D networks.
 * @packageDocumentation
 */
export type {
  KernelProfile,
  NativeIsa,
  NativeMemory,
  NativePrecision,
  NativeStatus,
} from './api.js';
export { NativeSettingError, NativeUnavailableError } from './errors.js';
export { startNativeProfile, stopNativeProfile } from './profile.js';
export { registerNativeBackend } from './register.js';
export {
  nativeMemory,
  nativeStatus,
  setInstructionSet,
  setNumThreads,
  setPrecision,
  trimNativeMemory,
} from './settings.js';
