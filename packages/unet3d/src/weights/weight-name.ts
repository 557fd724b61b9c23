import type * as tfl from '@tensorflow/tfjs-layers';

/**
 * The stable name of a weight, `layer.weight`. tfjs numbers variables by process history
 * (`kernel_1`), so its own names are not used.
 */
export function weightName(weight: tfl.LayerVariable): string {
  return weight.originalName.replace(/\//g, '.');
}

/** All weights of a model (trainable or not) by stable name, in layer order. */
export function namedWeights(model: tfl.LayersModel): Map<string, tfl.LayerVariable> {
  const found = new Map<string, tfl.LayerVariable>();
  for (const layer of model.layers) {
    for (const weight of layer.weights) found.set(weightName(weight), weight);
  }
  return found;
}
