import { type ErrorDetails, GenesisError } from '@genesis/core';

/** Why a weight file or zoo entry could not be used. */
export type WeightErrorCode =
  | 'unknown-format'
  | 'truncated'
  | 'corrupt'
  | 'unsupported'
  | 'out-of-range'
  | 'unsafe'
  | 'not-found'
  | 'not-downloaded';

/**
 * A weight file that cannot be read as what it claims to be. `code` says why in one word, `message`
 * says it in one sentence. Readers throw nothing else, whatever the bytes.
 */
export class WeightFormatError extends GenesisError<WeightErrorCode> {
  override readonly name = 'WeightFormatError';
}

/** Why a model could not be had, checked or packed. */
export type HubErrorCode =
  | 'bad-reference' // a text that names no model
  | 'bad-card' // a field of the card is missing or makes no sense
  | 'newer-card' // the card was written by a newer version
  | 'bad-package' // files of a package contradict its card, or are none that a package has
  | 'not-found' // nobody has the model
  | 'offline' // it is not here, and the network may not be used
  | 'unreachable' // no connection, or one that broke off more often than is tried again
  | 'refused' // the server answered with an error
  | 'redirects' // too many, in a circle, or to where none may lead
  | 'length' // fewer or more bytes than were announced
  | 'hash' // the bytes are others than those that were published
  | 'too-large' // more than is taken
  | 'unsafe'; // an archive that reaches out of its folder

export interface HubErrorDetails extends ErrorDetails {
  /** The address concerned. */
  readonly url?: string;
}

/** A model that could not be had, checked or packed. `message` names the address or the file and says why. */
export class HubError extends GenesisError<HubErrorCode> {
  override readonly name = 'HubError';
  /** The address concerned, when there is one. */
  declare readonly url?: string;

  constructor(code: HubErrorCode, message: string, details: HubErrorDetails = {}) {
    super(code, message, details);
    if (details.url !== undefined) this.url = details.url;
  }
}
