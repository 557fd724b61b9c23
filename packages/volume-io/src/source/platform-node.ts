import * as fs from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import type { ByteSource, FolderSource } from '../api.js';
import { VolumeIoError } from '../errors.js';
import type { Packing } from './packing.js';
import { safeNameParts } from './safe-name.js';

/** Largest single read: fs.read takes at most 2^31 − 1 bytes. */
const MAX_READ = 1 << 30;
/** Reads up to this size are done at once: a trip to the thread pool would take longer than the read. */
const SMALL_READ = 128 << 10;

class FileSource implements ByteSource {
  constructor(
    private readonly fd: number,
    readonly path: string,
    readonly name: string,
    readonly size: number,
  ) {}

  async read(start: number, length: number): Promise<Uint8Array> {
    const target = new Uint8Array(Math.max(0, Math.min(length, this.size - start)));
    const got = await this.readInto(start, target);
    return got === target.byteLength ? target : target.subarray(0, got);
  }

  async readInto(start: number, target: Uint8Array): Promise<number> {
    let done = 0;
    while (done < target.byteLength) {
      const length = Math.min(MAX_READ, target.byteLength - done);
      const got = await this.readOnce(target, done, length, start + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  private async readOnce(
    target: Uint8Array,
    at: number,
    length: number,
    from: number,
  ): Promise<number> {
    if (length <= SMALL_READ) {
      try {
        return fs.readSync(this.fd, target, at, length, from);
      } catch (error) {
        throw systemError(error, this.name);
      }
    }
    return new Promise((done, fail) => {
      fs.read(this.fd, target, at, length, from, (error, got) => {
        if (error) fail(systemError(error, this.name));
        else done(got);
      });
    });
  }

  async sibling(
    name: string,
    opts: { followLinks?: boolean } = {},
  ): Promise<ByteSource | undefined> {
    const folder = dirname(this.path);
    const path = join(folder, ...safeNameParts(name, this.name));
    if (!fs.existsSync(path)) return undefined;
    if (!opts.followLinks && !isInside(await realpath(folder), await realpath(path))) {
      throw new VolumeIoError(
        'outside-folder',
        `names the file ${JSON.stringify(name)}, which is a link that leads out of its folder`,
        { file: this.name },
      );
    }
    return openFile(path, join(dirname(this.name), relative(folder, path)));
  }

  async close(): Promise<void> {
    fs.closeSync(this.fd);
  }
}

class DiskFolder implements FolderSource {
  constructor(
    readonly path: string,
    readonly name: string,
  ) {}

  async list(): Promise<string[]> {
    const root = await realpath(this.path);
    const names: string[] = [];
    const walk = async (folder: string, prefix: string): Promise<void> => {
      const entries = await readdir(folder, { withFileTypes: true });
      for (const entry of entries) {
        const path = join(folder, entry.name);
        const name = prefix + entry.name;
        if (entry.isDirectory()) await walk(path, `${name}/`);
        else if (entry.isFile()) names.push(name);
        else if (entry.isSymbolicLink() && (await linksToFileInside(root, path))) names.push(name);
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

async function linksToFileInside(root: string, path: string): Promise<boolean> {
  try {
    const target = await realpath(path);
    return isInside(root, target) && (await stat(target)).isFile();
  } catch (error) {
    // A link that leads nowhere or in circles holds no volume.
    if (['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function openFile(path: string, name: string): ByteSource {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, 'r');
    const stats = fs.fstatSync(fd);
    if (stats.isFile()) return new FileSource(fd, resolve(path), name, stats.size);
    throw new VolumeIoError('not-readable', 'is not a regular file', { file: name });
  } catch (error) {
    if (fd !== undefined) fs.closeSync(fd);
    throw systemError(error, name);
  }
}

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

function toPath(path: string | URL): string {
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

/** Decompresses a stream off the main thread. Stops, and frees everything, when the caller stops iterating. */
export async function* inflate(
  packing: Packing,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  // The buffer ahead of the consumer lets inflation go on while voxels are converted.
  const opts = { chunkSize: 1 << 20, highWaterMark: 4 << 20 };
  const stream =
    packing === 'gzip'
      ? zlib.createGunzip(opts)
      : packing === 'zlib'
        ? zlib.createInflate(opts)
        : zlib.createInflateRaw(opts);
  const input = Readable.from(chunks, { highWaterMark: 2 });
  const fed = pipeline(input, stream).catch(() => {
    // The same error reaches the loop below, which reports it.
  });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } finally {
    stream.destroy();
    input.destroy();
    await fed;
  }
}

/** Compresses a stream off the main thread. */
export async function* deflate(
  packing: Packing,
  chunks: AsyncIterable<Uint8Array>,
  level: number,
): AsyncGenerator<Uint8Array> {
  const opts = { chunkSize: 256 << 10, level };
  const stream =
    packing === 'gzip'
      ? zlib.createGzip(opts)
      : packing === 'zlib'
        ? zlib.createDeflate(opts)
        : zlib.createDeflateRaw(opts);
  let failure: unknown;
  const fed = pipeline(Readable.from(chunks, { highWaterMark: 2 }), stream).catch((error) => {
    failure = error;
  });
  for await (const chunk of stream) yield chunk as Uint8Array;
  await fed;
  if (failure) throw failure;
}

/**
 * Writes files so that each is either complete or not there: under a temporary name first, renamed when all are
 * written. The files are renamed in order, so put a header last. Throws VolumeIoError 'write-failed'.
 */
export async function writeFiles(
  files: readonly { path: string | URL; chunks: AsyncIterable<Uint8Array> }[],
): Promise<void> {
  const temporary: { from: string; to: string }[] = [];
  let current = '';
  try {
    for (const file of files) {
      const to = toPath(file.path);
      current = to;
      await mkdir(dirname(to), { recursive: true });
      const from = join(
        dirname(to),
        `.${basename(to)}.${process.pid}-${(writeCounter++).toString(36)}.part`,
      );
      temporary.push({ from, to });
      const handle = await open(from, 'wx');
      try {
        for await (const chunk of file.chunks) await writeAll(handle, chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    for (const { from, to } of temporary) {
      current = to;
      await rename(from, to);
    }
  } catch (error) {
    for (const { from } of temporary) await rm(from, { force: true });
    if (error instanceof VolumeIoError) throw error;
    throw new VolumeIoError('write-failed', writeReason(error), { file: current, cause: error });
  }
}

let writeCounter = 0;

async function writeAll(handle: fs.promises.FileHandle, chunk: Uint8Array): Promise<void> {
  let done = 0;
  while (done < chunk.byteLength) {
    const length = Math.min(MAX_READ, chunk.byteLength - done);
    done += (await handle.write(chunk, done, length)).bytesWritten;
  }
}

function writeReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
      return 'cannot be written, because the disk is full';
    case 'EROFS':
      return 'cannot be written, because the file system is read-only';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be written, because permission is denied';
    case 'EEXIST':
    case 'ENOTDIR':
      return 'cannot be written, because a part of its path is a file, not a folder';
    case 'EISDIR':
      return 'cannot be written, because it is a folder';
    default:
      return `cannot be written (${code ?? message})`;
  }
}

function systemError(error: unknown, file: string): VolumeIoError {
  if (error instanceof VolumeIoError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new VolumeIoError('not-found', 'there is no such file or folder', {
      file,
      cause: error,
    });
  }
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission is denied' : (code ?? message);
  return new VolumeIoError('not-readable', `cannot be read, because ${reason}`, {
    file,
    cause: error,
  });
}
