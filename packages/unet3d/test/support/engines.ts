import { type EngineName, EngineUnavailableError, selectEngine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { ExecutionContext } from 'ava';

/** How far an engine's float32 results may be from the reference's: relative L2 of an output. */
export const OUTPUT_TOLERANCE: Record<EngineName, number> = {
  cpu: 1e-5,
  native: 1e-5,
  webgpu: 1e-5,
  tensorflow: 1e-5,
  'tensorflow-gpu': 1e-5,
};

/** Selects an engine; when it cannot be used here, says so and returns false. */
export async function useEngine(t: ExecutionContext, name: EngineName): Promise<boolean> {
  try {
    await selectEngine(name);
    // Small tensors would otherwise be computed by the cpu engine, and nothing be tested.
    if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    return true;
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    t.log(`skipped on ${name}: ${error.reason}`);
    t.pass();
    return false;
  }
}
