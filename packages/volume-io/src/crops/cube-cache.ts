import type { Vec3 } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { VolumeIoError } from '../errors.js';
import type { CropPosition } from './api.js';
import { isComplete, readCube, readText, writeCubes, writeText } from './cube-file.js';
import { type CubeCacheEntry, type CubeIndex, fileOfKey, parseIndex } from './cube-index.js';

export interface CubeCacheOpts {
  /** Voxels of a cube along i, j, k. */
  size: Vec3;
  /** Everything else that the cubes depend on, as plain JSON: rule, normalisation, seed. */
  settings?: unknown;
}

/** Crops on disk, one .npy of shape (n, i, j, k), float32, for each volume. */
export interface CubeCache {
  readonly folder: string;
  readonly size: Vec3;
  /** What is there, in the order it was added. */
  readonly entries: readonly CubeCacheEntry[];
  /** Cubes of all entries. */
  readonly count: number;
  has(key: string): boolean;
  /**
   * Writes the cubes of one volume, then the index; either is complete or as before, whenever the process ends.
   * Cubes must have the cache's size; none are fine (the volume is then known to have none).
   * Throws VolumeIoError 'bad-argument' for a key that is there already, 'write-failed'.
   */
  add(
    key: string,
    positions: readonly CropPosition[],
    cubes: readonly NdArray<Float32Array>[],
  ): Promise<CubeCacheEntry>;
  /** One cube, contiguous, a new array: only its own bytes are read. */
  read(key: string, cube: number): Promise<NdArray<Float32Array>>;
}

const INDEX = 'index.json';

/**
 * Opens a folder of cubes, or begins one. What an interrupted run had finished is found again: entries whose file is
 * complete stay, others are forgotten and can be added anew. In Python: `numpy.load(folder + '/' + entry['file'])` for
 * each entry of index.json. One process at a time may write.
 * Throws VolumeIoError 'bad-argument' when the folder was made with another size or other settings, 'corrupt' when its
 * index cannot be understood, 'unsupported' in a browser.
 */
export async function openCubeCache(folder: string, opts: CubeCacheOpts): Promise<CubeCache> {
  const size: Vec3 = [...opts.size];
  const settings = opts.settings ?? null;
  const index: CubeIndex = { format: 'genesis-cubes', version: 1, size, settings, entries: [] };
  const text = await readText(`${folder}/${INDEX}`);
  if (text !== undefined) {
    for (const entry of parseIndex(text, index, `${folder}/${INDEX}`)) {
      if (await isComplete(folder, entry, size)) index.entries.push(entry);
    }
  }
  let writing: Promise<unknown> = Promise.resolve();
  const find = (key: string): CubeCacheEntry | undefined =>
    index.entries.find((entry) => entry.key === key);

  const write = async (
    key: string,
    positions: readonly CropPosition[],
    cubes: readonly NdArray<Float32Array>[],
  ): Promise<CubeCacheEntry> => {
    if (find(key)) {
      throw new VolumeIoError('bad-argument', `cubes of ${JSON.stringify(key)} are there already`, {
        file: folder,
      });
    }
    const file = cubes.length > 0 ? fileOfKey(key) : null;
    const entry = {
      key,
      file,
      count: cubes.length,
      positions: positions.map((p) => [...p] as Vec3),
    };
    if (file) await writeCubes(`${folder}/${file}`, cubes, size);
    const next = { ...index, entries: [...index.entries, entry] };
    await writeText(`${folder}/${INDEX}`, `${JSON.stringify(next, null, 1)}\n`);
    index.entries.push(entry);
    return entry;
  };

  return {
    folder,
    size,
    get entries() {
      return index.entries;
    },
    get count() {
      return index.entries.reduce((sum, entry) => sum + entry.count, 0);
    },
    has: (key) => find(key) !== undefined,
    add(key, positions, cubes) {
      // One after the other: each writes the whole index.
      const done = writing.then(() => write(key, positions, cubes));
      writing = done.catch(() => undefined);
      return done;
    },
    async read(key, cube) {
      const entry = find(key);
      if (!entry?.file || !(Number.isInteger(cube) && cube >= 0 && cube < entry.count)) {
        throw new VolumeIoError('bad-argument', `has no cube ${cube} of ${JSON.stringify(key)}`, {
          file: folder,
        });
      }
      const values = await readCube(`${folder}/${entry.file}`, cube, size);
      return ndarray(values, [...size]);
    },
  };
}
