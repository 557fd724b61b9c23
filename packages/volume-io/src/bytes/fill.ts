import { VolumeIoError } from '../errors.js';
import type { ByteSource } from './api.js';

/**
 * Fills all of `target` from `from`. Gives a promise only when there is something to wait for: a file's small reads are
 * many, and done at once. Throws VolumeIoError 'truncated'.
 */
export function fill(
  source: ByteSource,
  from: number,
  target: Uint8Array,
): Promise<void> | undefined {
  const got = source.readInto(from, target);
  if (typeof got !== 'number') return got.then((n) => requireAll(n, target, source));
  requireAll(got, target, source);
  return undefined;
}

function requireAll(got: number, target: Uint8Array, { name }: ByteSource): void {
  if (got === target.byteLength) return;
  throw new VolumeIoError('truncated', 'became shorter while it was read', { file: name });
}
