import type * as tfl from '@tensorflow/tfjs-layers';

/**
 * Stops the training of all layers whose name starts with one of the prefixes (`encoder.`,
 * `encoder.0`, …; none given: every layer). Returns the names of the layers that it changed.
 */
export function freeze(model: tfl.LayersModel, ...prefixes: string[]): string[] {
  return setTrainable(model, prefixes, false);
}

/** Lets the layers train again; the counterpart of {@link freeze}. */
export function unfreeze(model: tfl.LayersModel, ...prefixes: string[]): string[] {
  return setTrainable(model, prefixes, true);
}

function setTrainable(model: tfl.LayersModel, prefixes: string[], trainable: boolean): string[] {
  const changed: string[] = [];
  for (const layer of model.layers) {
    if (prefixes.length > 0 && !prefixes.some((prefix) => layer.name.startsWith(prefix))) continue;
    if (layer.trainable !== trainable) changed.push(layer.name);
    layer.trainable = trainable;
  }
  return changed;
}
