import { InferenceError } from '../errors.js';
import type { ModelCard, ModelCards } from './api.js';

/**
 * The card as one of `kind`.
 *
 * @throws InferenceError 'wrong-kind' when it is of another.
 */
export function requireKind<K extends keyof ModelCards>(card: ModelCard, kind: K): ModelCards[K] {
  if (isKind(card, kind)) return card;
  throw new InferenceError('wrong-kind', `the model is one of ${card.kind}, not of ${kind}`, {
    field: 'kind',
  });
}

function isKind<K extends keyof ModelCards>(card: ModelCard, kind: K): card is ModelCards[K] {
  return card.kind === kind;
}
