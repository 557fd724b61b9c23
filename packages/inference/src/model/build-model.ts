import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelCard } from '../card/api.js';
import { findModelKind } from '../card/registry.js';

/**
 * The network that a card describes, with random weights that depend on the seed alone. The caller disposes it.
 *
 * @throws InferenceError 'unknown-kind'; OptionError of unet3d for a network that cannot be.
 */
export function buildModel(card: ModelCard, seed: number): LayersModel {
  return findModelKind(card.kind).build(card, seed);
}
