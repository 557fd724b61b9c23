import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, systemReason, temporaryPath } from '@genesis/core/node';
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
      await makeFolder(dirname(to));
      const from = temporaryPath(to);
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
    throw new VolumeIoError('write-failed', `cannot be written: ${systemReason(error)}`, {
      file: current,
      cause: error,
    });
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let done = 0;
  while (done < chunk.byteLength) {
    const length = Math.min(1 << 30, chunk.byteLength - done);
    done += (await handle.write(chunk, done, length)).bytesWritten;
  }
}
