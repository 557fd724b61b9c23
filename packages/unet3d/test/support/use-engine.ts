import { type EngineName, selectEngine } from '@genesis/unet3d/engine';
import * as tf from '@tensorflow/tfjs-core';

/** Selects an engine so that it computes everything itself. @throws EngineUnavailableError */
export async function useEngine(name: EngineName): Promise<void> {
  await selectEngine(name);
  // Small tensors would otherwise be computed by the cpu engine, and nothing be tested.
  if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
}
