import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Bytes of a header in which names of data files are looked for. */
const HEAD = 1 << 18;

/**
 * A volume's file with those that its voxels may be in: a header's companions of the same name, and every file beside it whose name its
 * text mentions. More than there are does no harm: none of them is to be replaced.
 */
export async function filesOfVolume(path: string): Promise<string[]> {
  const header = /^(.*)\.(mhd|nhdr|hdr|img)$/i.exec(path);
  if (!header) return [path];
  const ends = ['raw', 'zraw', 'raw.gz', 'hdr', 'img', 'img.gz'];
  const named = /\.(mhd|nhdr)$/i.test(path) ? await mentioned(path) : [];
  return [path, ...ends.map((end) => `${header[1]}.${end}`), ...named];
}

async function mentioned(path: string): Promise<string[]> {
  try {
    const text = await head(path);
    const names = await readdir(dirname(path));
    return names
      .filter((name) => name !== basename(path) && text.includes(name))
      .map((name) => join(dirname(path), name));
  } catch {
    // Not there, or not readable: whoever reads the volume says so.
    return [];
  }
}

async function head(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
