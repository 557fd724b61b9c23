import { InferenceError } from '../errors.js';

/**
 * Makes sure that bytes are those that are meant.
 *
 * @param sha256 - Hexadecimal.
 * @param address - Where they came from, for the message.
 * @throws InferenceError 'hash' when they are not, or where nothing computes a hash.
 */
export async function checkHash(
  bytes: Uint8Array,
  sha256: string,
  address = 'the model',
): Promise<void> {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) {
    throw failure(address, 'its SHA-256 cannot be computed here: a page needs https for it');
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(bytes)));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found !== sha256.toLowerCase()) {
    throw failure(address, `its SHA-256 is ${found}, but must be ${sha256}`);
  }
}

function failure(address: string, why: string): InferenceError {
  return new InferenceError('hash', `${address} is not used: ${why}`, { file: address });
}
