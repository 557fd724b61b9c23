import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { VolumeIoError } from '../../errors.js';
import { toPath } from './open-path.js';

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

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let done = 0;
  while (done < chunk.byteLength) {
    const length = Math.min(1 << 30, chunk.byteLength - done);
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
