import { InferenceError } from '../errors.js';

/**
 * What stands at an address.
 *
 * @throws InferenceError 'not-found'.
 */
export async function fetchBytes(address: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw notFound(address, (cause as Error).message, cause);
  }
  if (!response.ok) throw notFound(address, `the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function notFound(address: string, reason: string, cause?: unknown): InferenceError {
  return new InferenceError('not-found', `cannot load ${address}: ${reason}`, {
    file: address,
    cause,
  });
}
