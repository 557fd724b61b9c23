import type { Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { openPath, writeFiles } from '#platform';
import type { ByteSource } from '../bytes/api.js';
import { VolumeIoError } from '../errors.js';
import { encodeNpyHeader } from '../formats/npy/encode.js';
import { readNpyHeader } from '../formats/npy/header.js';
import type { CubeCacheEntry } from './cube-index.js';

/** Writes cubes as one .npy of shape (n, i, j, k). The file is there when it is complete. */
export async function writeCubes(
  path: string,
  cubes: readonly NdArray<Float32Array>[],
  size: Vec3,
): Promise<void> {
  const bytes = cubes.map((cube) => bytesOf(cube, size));
  const header = encodeNpyHeader('float32', [cubes.length, ...size], false);
  await writeFiles([{ path, chunks: all([header, ...bytes]) }]);
}

export async function writeText(path: string, text: string): Promise<void> {
  await writeFiles([{ path, chunks: all([new TextEncoder().encode(text)]) }]);
}

/** Reads the bytes of one cube. Throws VolumeIoError 'truncated', 'not-found', … */
export async function readCube(path: string, cube: number, size: Vec3): Promise<Float32Array> {
  const source = await openFile(path);
  try {
    const { offset } = await readNpyHeader(source);
    const values = new Float32Array(size[0] * size[1] * size[2]);
    const bytes = new Uint8Array(values.buffer);
    const got = await source.readInto(offset + cube * bytes.byteLength, bytes);
    if (got < bytes.byteLength) {
      throw new VolumeIoError('truncated', `ends within cube ${cube}`, { file: source.name });
    }
    return values;
  } finally {
    await source.close();
  }
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
export async function readText(path: string): Promise<string | undefined> {
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

/** Is the entry's file there, with all its cubes? */
export async function isComplete(
  folder: string,
  entry: CubeCacheEntry,
  size: Vec3,
): Promise<boolean> {
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
