/** Marks errors of every copy of this package, so that two installed versions know each other's. */
const BRAND = Symbol.for('@genesis/core/error');

export interface ErrorDetails {
  /** The file or folder concerned. */
  readonly file?: string;
  readonly cause?: unknown;
}

/**
 * Base of every failure that a Genesis package foresees. `code` says which kind in a kebab-case word, for code that wants to
 * react; `message` is one sentence that says what was wrong, where, and what to do.
 */
export class GenesisError<Code extends string = string> extends Error {
  override readonly name: string = 'GenesisError';
  readonly code: Code;
  /** The file or folder concerned, when there is one. */
  declare readonly file?: string;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    if (details.file !== undefined) this.file = details.file;
  }
}

// On the prototype and not enumerable, so that printed errors do not show it.
Object.defineProperty(GenesisError.prototype, BRAND, { value: true });

/**
 * Whether a Genesis package threw `error` on purpose; with codes, whether it is one of these. Narrows, and works across copies of
 * this package, where `instanceof` does not.
 */
export function isGenesisError<Code extends string = string>(
  error: unknown,
  ...codes: readonly Code[]
): error is GenesisError<Code> {
  if (typeof error !== 'object' || error === null || !(BRAND in error)) return false;
  return codes.length === 0 || codes.includes((error as unknown as { code: Code }).code);
}
