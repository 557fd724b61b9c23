import type { Vec3 } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import type { CropPosition } from './api.js';

export interface CubeCacheEntry {
  /** The volume, by the name that the caller gave it. */
  key: string;
  /** Name of the .npy in the folder; null when the volume has no cubes. */
  file: string | null;
  count: number;
  /** Where each cube was taken. */
  positions: CropPosition[];
}

/** What index.json holds. */
export interface CubeIndex {
  format: 'genesis-cubes';
  version: 1;
  size: Vec3;
  settings: unknown;
  entries: CubeCacheEntry[];
}

/** The entries of an index made with the same size and settings as `own`. Throws VolumeIoError 'corrupt' or 'bad-argument'. */
export function parseIndex(text: string, own: CubeIndex, file: string): CubeCacheEntry[] {
  let found: CubeIndex;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new VolumeIoError('corrupt', 'is not JSON; delete the folder to begin anew', {
      file,
      cause,
    });
  }
  if (
    found?.format !== own.format ||
    found.version !== own.version ||
    !Array.isArray(found.entries)
  ) {
    throw new VolumeIoError('corrupt', 'is no index of cubes that this version understands', {
      file,
    });
  }
  const settings = (index: CubeIndex): string => JSON.stringify([index.size, index.settings]);
  if (settings(found) !== settings(own)) {
    throw new VolumeIoError(
      'bad-argument',
      `was made with size and settings ${settings(found)}, not ${settings(own)}; choose another folder, or delete this one`,
      { file },
    );
  }
  for (const entry of found.entries) {
    const valid =
      typeof entry?.key === 'string' &&
      Number.isSafeInteger(entry.count) &&
      entry.count >= 0 &&
      Array.isArray(entry.positions) &&
      (entry.count === 0 ? entry.file === null : entry.file === fileOfKey(entry.key));
    if (!valid) throw new VolumeIoError('corrupt', 'holds an entry that makes no sense', { file });
  }
  return found.entries;
}

/** The same name for the same key, so that an unfinished file is replaced, not left behind; never a path. */
export function fileOfKey(key: string): string {
  // FNV-1a tells keys apart that look alike once cleaned up.
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  const name = key.replace(/[^A-Za-z0-9_-]+/g, '_').slice(-80);
  return `${name}-${(hash >>> 0).toString(16).padStart(8, '0')}.npy`;
}
