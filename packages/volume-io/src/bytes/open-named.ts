import type { NamedBytes } from '../api.js';
import type { ByteSource } from './api.js';
import { BlobSource } from './blob-source.js';
import { BytesSource } from './bytes-source.js';
import { safeNameParts } from './safe-name.js';

/** Opens one of several files given by content. */
export function openNamed(file: NamedBytes, beside: readonly NamedBytes[] = []): ByteSource {
  const { name, bytes } = file;
  const sibling = (wanted: string): ByteSource | undefined => siblingOf(beside, name, wanted);
  if (bytes instanceof Uint8Array) return new BytesSource(bytes, name, sibling);
  if (bytes instanceof ArrayBuffer) return new BytesSource(new Uint8Array(bytes), name, sibling);
  return new BlobSource(bytes, name, sibling);
}

/** The file called `name`, relative to the folder of `own`, among `files`. */
function siblingOf(
  files: readonly NamedBytes[],
  own: string,
  name: string,
): ByteSource | undefined {
  const folder = own.split('/').slice(0, -1);
  const wanted = [...folder, ...safeNameParts(name, own)].join('/');
  const found = files.find((file) => file.name === wanted);
  return found && openNamed(found, files);
}
