import * as fs from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { VolumeIoError } from '../../errors.js';
import type { ByteSource } from '../api.js';
import { volumeName } from '../names.js';
import { safeNameParts } from '../safe-name.js';
import { isInside } from './is-inside.js';
import { systemError } from './system-error.js';

/** Largest single read: fs.read takes at most 2^31 − 1 bytes. */
const MAX_READ = 1 << 30;
/** Reads up to this size are done at once: a trip to the thread pool would take longer than the read. */
const SMALL_READ = 128 << 10;

/** A file's kind, packing and header are looked for in its first bytes one after the other: those are read once. */
const HEAD = 1024;

/** Where git-annex and DVC keep files under names made of their content. */
const STORE = /\/annex\/objects\/|\/[0-9a-f]{2}\/[0-9a-f]{30}(\.\w+)?$/;

class FileSource implements ByteSource {
  /** The file's first bytes, once one of them was read. */
  private head: Uint8Array | undefined;
  private readonly reads = new Set<Promise<unknown>>();

  constructor(
    /** Undefined while it is closed. */
    private fd: number | undefined,
    readonly path: string,
    readonly name: string,
    readonly size: number,
  ) {}

  async read(start: number, length: number): Promise<Uint8Array> {
    if (start + length <= HEAD) {
      this.head ??= await this.readFresh(0, HEAD);
      return this.head.subarray(start, start + length);
    }
    return this.readFresh(start, length);
  }

  private async readFresh(start: number, length: number): Promise<Uint8Array> {
    const target = new Uint8Array(Math.max(0, Math.min(length, this.size - start)));
    const got = await this.readInto(start, target);
    return got === target.byteLength ? target : target.subarray(0, got);
  }

  readInto(start: number, target: Uint8Array): number | Promise<number> {
    this.fd ??= this.reopen();
    if (target.byteLength <= SMALL_READ) return this.readNow(this.fd, start, target);
    const read = this.readInThreads(this.fd, start, target);
    this.reads.add(read);
    return read.finally(() => this.reads.delete(read));
  }

  private reopen(): number {
    const { fd, size } = openRegular(this.path, this.name);
    if (size === this.size) return fd;
    fs.closeSync(fd);
    throw new VolumeIoError('corrupt', 'has changed since its header was read', {
      file: this.name,
    });
  }

  private readNow(fd: number, start: number, target: Uint8Array): number {
    const length = target.byteLength;
    let done = 0;
    try {
      while (done < length) {
        const got = fs.readSync(fd, target, done, length - done, start + done);
        if (got === 0) break;
        done += got;
      }
    } catch (error) {
      throw systemError(error, this.name);
    }
    return done;
  }

  private async readInThreads(fd: number, start: number, target: Uint8Array): Promise<number> {
    let done = 0;
    while (done < target.byteLength) {
      const length = Math.min(MAX_READ, target.byteLength - done);
      const got = await this.readOnce(fd, target, done, length, start + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  private readOnce(
    fd: number,
    target: Uint8Array,
    at: number,
    length: number,
    from: number,
  ): Promise<number> {
    return new Promise((done, fail) => {
      fs.read(fd, target, at, length, from, (error, got) => {
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
    if (!opts.followLinks && !(await this.mayLead(path, folder))) {
      throw new VolumeIoError(
        'outside-folder',
        `names the file ${JSON.stringify(name)}, which is a link that leads out of its folder`,
        { file: this.name },
      );
    }
    return openFile(path, join(dirname(this.name), relative(folder, path)));
  }

  /**
   * May a header name the file `path`? What lies in the header's folder, and two kinds of links out of it that the owner
   * of a data set makes for its files: one with the header's own name, and one into the store of git-annex or DVC.
   */
  private async mayLead(path: string, folder: string): Promise<boolean> {
    const real = await realpath(path);
    if (isInside(await realpath(folder), real)) return true;
    const isOwn = dirname(path) === folder && volumeName(path) === volumeName(this.path);
    return isOwn || STORE.test(real.replaceAll('\\', '/'));
  }

  async close(): Promise<void> {
    const { fd } = this;
    this.fd = undefined;
    this.head = undefined;
    if (fd === undefined) return;
    // The system may give its number to another file at once.
    if (this.reads.size > 0) await Promise.allSettled(this.reads);
    fs.closeSync(fd);
  }
}

/** Opens a regular file. Throws VolumeIoError 'not-found' or 'not-readable'. */
export function openFile(path: string, name: string): ByteSource {
  const { fd, size } = openRegular(path, name);
  return new FileSource(fd, resolve(path), name, size);
}

function openRegular(path: string, name: string): { fd: number; size: number } {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, 'r');
    const stats = fs.fstatSync(fd);
    if (stats.isFile()) return { fd, size: stats.size };
    throw new VolumeIoError('not-readable', 'is not a regular file', { file: name });
  } catch (error) {
    if (fd !== undefined) fs.closeSync(fd);
    throw systemError(error, name);
  }
}
