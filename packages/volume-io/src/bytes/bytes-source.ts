import type { NamedBytes } from '../api.js';
import type { ByteSource } from './api.js';
import { BlobSource } from './blob-source.js';
import { safeNameParts } from './safe-name.js';

/** One file held in memory. `read` gives views of it, not copies. */
export class BytesSource implements ByteSource {
  readonly size: number;

  constructor(
    private readonly bytes: Uint8Array,
    readonly name: string,
    private readonly beside: readonly NamedBytes[] = [],
  ) {
    this.size = bytes.byteLength;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    return this.bytes.subarray(start, start + length);
  }

  readInto(start: number, target: Uint8Array): number {
    const part = this.bytes.subarray(start, start + target.byteLength);
    target.set(part);
    return part.byteLength;
  }

  async sibling(name: string): Promise<ByteSource | undefined> {
    return siblingOf(this.beside, this.name, name);
  }

  async close(): Promise<void> {}
}

/** Opens one of several files given by content. */
export function openNamed(file: NamedBytes, beside: readonly NamedBytes[] = []): ByteSource {
  const { name, bytes } = file;
  if (bytes instanceof Uint8Array) return new BytesSource(bytes, name, beside);
  if (bytes instanceof ArrayBuffer) return new BytesSource(new Uint8Array(bytes), name, beside);
  return new BlobSource(bytes, name, beside);
}

/** The file called `name`, relative to the folder of `own`, among `files`. */
export function siblingOf(
  files: readonly NamedBytes[],
  own: string,
  name: string,
): ByteSource | undefined {
  const folder = own.split('/').slice(0, -1);
  const wanted = [...folder, ...safeNameParts(name, own)].join('/');
  const found = files.find((file) => file.name === wanted);
  return found && openNamed(found, files);
}
