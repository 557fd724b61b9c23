import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource, FolderSource } from '../api.js';
import { safeNameParts } from '../safe-name.js';
import { openFile } from './file-source.js';
import { systemError } from './system-error.js';

/**
 * A folder on disk with all folders below. Links to files are followed, wherever they lead: data sets
 * kept by git-annex, DVC or datalad consist of them, and only who owns the folder can put one there.
 * (A file name inside a header is another matter, see FileSource.sibling.) Links to folders are not
 * followed, since they may go in circles.
 */
export class DiskFolder implements FolderSource {
  constructor(
    readonly path: string,
    readonly name: string,
  ) {}

  async list(): Promise<string[]> {
    const names: string[] = [];
    const walk = async (folder: string, prefix: string): Promise<void> => {
      const entries = await readdir(folder, { withFileTypes: true });
      for (const entry of entries) {
        const path = join(folder, entry.name);
        const name = prefix + entry.name;
        if (entry.isDirectory()) await walk(path, `${name}/`);
        else if (entry.isFile()) names.push(name);
        else if (entry.isSymbolicLink() && (await linksToFile(path))) names.push(name);
      }
    };
    try {
      await walk(this.path, '');
    } catch (error) {
      throw systemError(error, this.name);
    }
    return names.sort();
  }

  async open(name: string): Promise<ByteSource> {
    const parts = safeNameParts(name, this.name);
    return openFile(join(this.path, ...parts), join(this.name, ...parts));
  }
}

async function linksToFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    // A link that leads nowhere or in circles holds no volume.
    if (['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
