import { join } from 'node:path';
import type { ByteSource, FolderListing, FolderSource } from '../api.js';
import { safeNameParts } from '../safe-name.js';
import { openFile } from './file-source.js';
import { systemError } from './system-error.js';
import { walkFolder } from './walk-folder.js';

/** A folder on disk with all folders below. */
export class DiskFolder implements FolderSource {
  constructor(
    readonly path: string,
    readonly name: string,
  ) {}

  async list(): Promise<FolderListing> {
    try {
      return await walkFolder(this.path);
    } catch (error) {
      throw systemError(error, this.name);
    }
  }

  async open(name: string): Promise<ByteSource> {
    const parts = safeNameParts(name, this.name);
    return openFile(join(this.path, ...parts), join(this.name, ...parts));
  }
}
