import type * as tfl from '@tensorflow/tfjs-layers';

/** Frees the weights of those layers of `from` that `kept` does not use. */
export function disposeRest(from: tfl.LayersModel, kept: tfl.LayersModel): void {
  const used = new Set(kept.layers);
  for (const layer of from.layers) {
    if (!used.has(layer)) layer.dispose();
  }
}
