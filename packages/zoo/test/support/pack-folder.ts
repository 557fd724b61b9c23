import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TarFile, tarball } from './tarball.js';

/** The files of a folder as npm packs them. */
export async function packFolder(
  folder: string,
  more: readonly TarFile[] = [],
): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: `package${path.slice(folder.length)}`, bytes: readFileSync(path) };
    });
  return tarball([...files, ...more]);
}
