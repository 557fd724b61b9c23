import { GenesisError } from '@genesis/core';

/** Why a weight file or zoo entry could not be used. */
export type WeightErrorCode =
  | 'unknown-format'
  | 'truncated'
  | 'corrupt'
  | 'unsupported'
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
