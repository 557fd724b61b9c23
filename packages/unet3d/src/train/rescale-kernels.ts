import type * as tfl from '@tensorflow/tfjs-layers';
import { ConvNormAct } from '../layers/conv-norm-act.js';

/** A kernel that was multiplied, its bias too. */
export interface RescaledKernel {
  /** Its stable name. */
  name: string;
  /** What it was multiplied by. */
  factor: number;
}

/**
 * Brings kernels in front of a normalisation to the root mean square of fresh ones. They grow while they are trained, and the
 * normalisation hides it from the output but not from the optimiser, whose steps then turn them that much less: a
 * network that starts from them learns slower than a fresh one. Outputs change by no more than what epsilon does to
 * them; not at all with running statistics at inference.
 *
 * @param taken - Whether a weight of this name was taken over: kernels that were are rescaled, running statistics that were
 *   follow. Default: all.
 */
export async function rescaleKernels(
  model: tfl.LayersModel,
  taken: (name: string) => boolean = () => true,
): Promise<RescaledKernel[]> {
  const rescaled: RescaledKernel[] = [];
  for (const layer of model.layers) {
    const name = `${layer.name}.conv.kernel`;
    if (!(layer instanceof ConvNormAct) || !taken(name)) continue;
    const factor = await layer.rescaleKernel(taken(`${layer.name}.norm.movingVariance`));
    if (factor !== undefined) rescaled.push({ name, factor });
  }
  return rescaled;
}
