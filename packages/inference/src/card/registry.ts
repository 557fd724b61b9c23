import { InferenceError } from '../errors.js';
import type { CardBase, ModelCard, ModelCards } from './api.js';

import { classificationKind } from './classification.js';
import type { ModelKind } from './kind.js';
import { pretrainKind } from './pretrain.js';
import { segmentationKind } from './segmentation.js';

/** Its functions get only cards of its own kind, because each is looked up by it. */
type AnyKind = ModelKind<CardBase & ModelCard>;

const kinds = new Map<string, AnyKind>();
for (const kind of [pretrainKind, segmentationKind, classificationKind]) {
  kinds.set(kind.kind, kind as AnyKind);
}

/**
 * Makes a kind of model known, so that its cards can be read and its networks built. A kind that is there already is
 * replaced.
 */
export function registerModelKind<K extends keyof ModelCards>(
  kind: ModelKind<ModelCards[K]>,
): void {
  kinds.set(kind.kind, kind as ModelKind<never>);
}

/** @throws InferenceError 'unknown-kind' */
export function findModelKind(name: string): AnyKind {
  const kind = kinds.get(name);
  if (kind) return kind;
  throw new InferenceError(
    'unknown-kind',
    `the model is of the kind '${name}', but known here are only ${[...kinds.keys()].join(', ')}; registerModelKind adds others`,
    { field: 'kind' },
  );
}
