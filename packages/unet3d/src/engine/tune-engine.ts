import { currentGpuBackend } from './webgpu/register.js';
import { tune } from './webgpu/tune.js';

/**
 * Measures, on the `webgpu` engine, the kernels between which there is a choice, for what has been computed since it was selected,
 * and takes the fastest from now on; one that gives other results than the rest is never taken again. Run one training step
 * before it. Choices change rounding: runs that are to be equal to the last bit need the same ones.
 *
 * @param milliseconds - What is not measured by then keeps its kernel; default 2,000.
 * @returns the choices made, by what is computed; none on other engines.
 */
export async function tuneEngine(milliseconds?: number): Promise<Record<string, string>> {
  const backend = currentGpuBackend();
  return backend ? tune(backend, milliseconds) : {};
}
