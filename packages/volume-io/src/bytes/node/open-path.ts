import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VolumeIoError } from '../../errors.js';
import type { ByteSource, FolderSource } from '../api.js';
import { DiskFolder } from './disk-folder.js';
import { openFile } from './file-source.js';
import { systemError } from './system-error.js';

/** Opens a path or file: URL. Throws VolumeIoError 'not-found' or 'not-readable'. */
export async function openPath(
  path: string | URL,
): Promise<{ kind: 'file'; source: ByteSource } | { kind: 'folder'; folder: FolderSource }> {
  const name = toPath(path);
  let stats: fs.Stats;
  try {
    stats = fs.statSync(name);
  } catch (error) {
    throw systemError(error, name);
  }
  if (stats.isDirectory()) return { kind: 'folder', folder: new DiskFolder(resolve(name), name) };
  if (!stats.isFile()) {
    throw new VolumeIoError('not-readable', 'is neither a file nor a folder', { file: name });
  }
  return { kind: 'file', source: openFile(name, name) };
}

/** A path as it is, a file: URL as its path. */
export function toPath(path: string | URL): string {
  if (typeof path === 'string' && !path.startsWith('file:')) return path;
  try {
    return fileURLToPath(path);
  } catch (error) {
    throw new VolumeIoError('bad-argument', 'only file: URLs can be opened; fetch others first', {
      file: String(path),
      cause: error,
    });
  }
}
