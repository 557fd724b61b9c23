import { InferenceError } from '../errors.js';
import { checkHash } from './check-hash.js';
import { fetchBytes } from './fetch-bytes.js';

/**
 * The weights of a published model, which stand beside its card; they must be those that the card names.
 *
 * @param card - The bytes of `model.json`.
 * @param address - Where they came from.
 * @throws HubError 'bad-card', 'newer-card'; InferenceError 'not-found', 'hash'.
 */
export async function publishedWeights(
  card: Uint8Array,
  address: string | undefined,
): Promise<Uint8Array> {
  if (address === undefined) {
    throw new InferenceError('not-a-model', 'a card without its address does not lead to weights');
  }
  // Loaded only where there is a card: what checks it is larger than the rest.
  const { readPublishedModel } = await import('@genesis/zoo/card');
  const { files, weights } = readPublishedModel(new TextDecoder().decode(card), address);
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const url = new URL(weights, new URL(address, location?.href)).href;
  const bytes = await fetchBytes(url);
  const wanted = files.find(({ path }) => path === weights)?.sha256;
  if (wanted !== undefined) await checkHash(bytes, wanted, url);
  return bytes;
}
