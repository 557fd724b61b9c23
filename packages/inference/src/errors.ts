import { type ErrorDetails, GenesisError } from '@genesis/core';

/** Why a model could not be read or applied. */
export type InferenceErrorCode =
  | 'not-a-model' // the bytes are no weight file, or one without a model card
  | 'bad-card' // a field of the model card is missing or makes no sense
  | 'newer-card' // the model card was written by a newer version
  | 'unknown-kind' // a model card of a kind that nobody has registered
  | 'weights' // the weights do not fit the network that the card describes
  | 'wrong-kind' // the model does something else than what was asked for
  | 'bad-argument' // an argument that makes no sense
  | 'not-found' // a model that is not where it was looked for
  | 'hash' // the bytes of a model are others than those that are meant
  | 'non-finite'; // NaN or infinities in a volume, in weights, or in what a network gives

export interface InferenceErrorDetails extends ErrorDetails {
  /** Path of the model card's field concerned, such as 'network.width'. */
  readonly field?: string;
}

/** Every failure that this package foresees. `message` is one sentence: what was wrong, where, what to do. */
export class InferenceError extends GenesisError<InferenceErrorCode> {
  override readonly name = 'InferenceError';
  /** Path of the model card's field concerned, when there is one. */
  declare readonly field?: string;

  constructor(code: InferenceErrorCode, message: string, details: InferenceErrorDetails = {}) {
    super(code, message, details);
    if (details.field !== undefined) this.field = details.field;
  }
}
