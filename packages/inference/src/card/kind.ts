import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { CardBase } from './api.js';
import type { CardFields } from './fields.js';

/** A kind of model: how its card is read and which network it describes. */
export interface ModelKind<C extends CardBase = CardBase> {
  readonly kind: C['kind'];
  /**
   * Reads what the card has beside the fields of every kind; those come checked in `base`.
   *
   * @throws InferenceError 'bad-card'; the methods of `fields` do so.
   */
  parse(base: CardBase, fields: CardFields): C;
  /** The network with random weights that depend on the seed alone; the caller disposes it. */
  build(card: C, seed: number): LayersModel;
}
