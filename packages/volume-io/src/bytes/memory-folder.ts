import type { NamedBytes } from '../api.js';
import { VolumeIoError } from '../errors.js';
import type { ByteSource, FolderListing, FolderSource } from './api.js';
import { plainListing } from './names.js';
import { openNamed } from './open-named.js';

/** Several files given by content, seen as a folder. */
export class MemoryFolder implements FolderSource {
  constructor(
    private readonly files: readonly NamedBytes[],
    readonly name: string,
  ) {}

  async list(): Promise<FolderListing> {
    return plainListing(this.files.map((file) => file.name));
  }

  async open(name: string): Promise<ByteSource> {
    const file = this.files.find((f) => f.name === name);
    if (!file) throw new VolumeIoError('not-found', 'there is no such file', { file: name });
    return openNamed(file, this.files);
  }
}
