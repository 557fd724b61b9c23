import { TransformsError, type TransformsErrorCode } from '../errors.js';
import type { PlainError } from './protocol.js';

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  if (!(error instanceof TransformsError)) return { name, message, stack };
  return { name, message, stack, code: error.code, details: { ...error.details } };
}

/** The error again, of its class and with the worker's stack. */
export function fromPlainError(plain: PlainError): Error {
  const error =
    plain.name === 'TransformsError'
      ? new TransformsError(plain.code as TransformsErrorCode, plain.message, plain.details)
      : Object.assign(new Error(plain.message), { name: plain.name });
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}
