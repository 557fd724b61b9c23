import ndarray, { type NdArray } from 'ndarray';
import { openPath, writeFiles } from '#platform';
import type { ByteSource, Vec3 } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { encodeNpyHeader } from '../npy/encode.js';
import { readNpyHeader } from '../npy/header.js';
import type { CropPosition } from './api.js';
import { type CubeCacheEntry, type CubeIndex, fileOfKey, parseIndex } from './cubeIndex.js';

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
  const cubeLength = size[0] * size[1] * size[2];
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
    if (file) {
      const bytes = cubes.map((cube) => bytesOf(cube, size));
      await writeFiles([
        { path: `${folder}/${file}`, chunks: npy([cubes.length, ...size], bytes) },
      ]);
    }
    const next = { ...index, entries: [...index.entries, entry] };
    const json = new TextEncoder().encode(`${JSON.stringify(next, null, 1)}\n`);
    await writeFiles([{ path: `${folder}/${INDEX}`, chunks: all([json]) }]);
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
      const source = await openFile(`${folder}/${entry.file}`);
      try {
        const { offset } = await readNpyHeader(source);
        const values = new Float32Array(cubeLength);
        const bytes = new Uint8Array(values.buffer);
        const got = await source.readInto(offset + cube * bytes.byteLength, bytes);
        if (got < bytes.byteLength) {
          throw new VolumeIoError('truncated', `ends within cube ${cube}`, { file: source.name });
        }
        return ndarray(values, [...size]) as NdArray<Float32Array>;
      } finally {
        await source.close();
      }
    },
  };
}

async function* npy(
  shape: readonly number[],
  cubes: readonly Uint8Array[],
): AsyncGenerator<Uint8Array> {
  yield encodeNpyHeader('float32', shape, false);
  yield* cubes;
}

async function* all(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** A cube's own bytes; it must be contiguous with k fastest, as `crop` makes it. */
function bytesOf(cube: NdArray<Float32Array>, size: Vec3): Uint8Array {
  const stride = [size[1] * size[2], size[2], 1];
  if (!size.every((n, d) => cube.shape[d] === n && cube.stride[d] === stride[d])) {
    throw new VolumeIoError(
      'bad-argument',
      `a cube of ${cube.shape.join('×')} is not a contiguous one of ${size.join('×')}`,
    );
  }
  const { buffer, byteOffset } = cube.data;
  return new Uint8Array(buffer, byteOffset + 4 * cube.offset, 4 * size[0] * size[1] * size[2]);
}

async function openFile(path: string): Promise<ByteSource> {
  const opened = await openPath(path);
  if (opened.kind === 'folder') {
    throw new VolumeIoError('not-readable', 'is a folder, not a file', { file: path });
  }
  return opened.source;
}

/** Undefined when there is no such file. */
async function readText(path: string): Promise<string | undefined> {
  let source: ByteSource;
  try {
    source = await openFile(path);
  } catch (error) {
    if (error instanceof VolumeIoError && error.code === 'not-found') return undefined;
    throw error;
  }
  try {
    return new TextDecoder().decode(await source.read(0, source.size));
  } finally {
    await source.close();
  }
}

async function isComplete(folder: string, entry: CubeCacheEntry, size: Vec3): Promise<boolean> {
  if (!entry.file) return true;
  let source: ByteSource | undefined;
  try {
    source = await openFile(`${folder}/${entry.file}`);
    const { descr, shape, offset, fortranOrder } = await readNpyHeader(source);
    const expected = [entry.count, ...size];
    return (
      descr === '<f4' &&
      !fortranOrder &&
      shape.length === 4 &&
      expected.every((n, d) => shape[d] === n) &&
      source.size === offset + 4 * expected.reduce((a, b) => a * b)
    );
  } catch (error) {
    // Missing or damaged: as if it had not been written.
    if (error instanceof VolumeIoError && error.code !== 'not-readable') return false;
    throw error;
  } finally {
    await source?.close();
  }
}
