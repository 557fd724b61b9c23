import { GenesisError } from '@genesis/core';

/** What went wrong, for code that wants to react to it. */
export type TransformsErrorCode =
  | 'shape'
  | 'dtype'
  | 'range'
  | 'option'
  | 'factors'
  | 'unknown-task'
  | 'unknown-augmentation'
  | 'worker'
  | 'closed';

/** The one error class of this package; `code` says which kind, `details` carries typed fields. */
export class TransformsError extends GenesisError<TransformsErrorCode> {
  override readonly name = 'TransformsError';

  constructor(
    code: TransformsErrorCode,
    message: string,
    readonly details: Readonly<Record<string, number | string | readonly number[]>> = {},
    options: { readonly cause?: unknown } = {},
  ) {
    super(code, message, options);
  }
}
