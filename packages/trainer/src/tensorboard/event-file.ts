import { appendFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolder, writeFailure } from '@genesis/core/node';
import { crc32c } from './crc32c.js';
import { encodeEvent } from './encode-event.js';
import type { Event } from './event.js';

/** An event file while it grows. */
export interface EventFile {
  /** Keeps an event until it is flushed. */
  add(event: Event): void;
  /**
   * Appends what was added, whole records in one write: a reader skips one that is cut.
   *
   * @throws GenesisError 'write-failed'.
   */
  flush(): Promise<void>;
}

/**
 * Begins an event file of TensorBoard in a folder, which is made with the first flush. Files of one folder are one run, read in
 * the order of the times in their names.
 *
 * @param now - Milliseconds since 1970.
 */
export function createEventFile(folder: string, now: () => number = Date.now): EventFile {
  const begun = String(Math.floor(now())).padStart(13, '0');
  const path = join(folder, `events.out.tfevents.${begun}.${hostname()}.genesis`);
  let waiting: Uint8Array[] = [frame(encodeEvent({ kind: 'file' }, now() / 1000))];
  return {
    add: (event) => void waiting.push(frame(encodeEvent(event, now() / 1000))),
    async flush() {
      const bytes = Buffer.concat(waiting);
      waiting = [];
      try {
        await makeFolder(folder);
        await appendFile(path, bytes);
      } catch (cause) {
        throw writeFailure(path, cause);
      }
    },
  };
}

/** A record of TensorFlow: length and bytes, each with its masked sum. */
function frame(bytes: Uint8Array): Uint8Array {
  const record = Buffer.alloc(16 + bytes.length);
  record.writeBigUInt64LE(BigInt(bytes.length), 0);
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(bytes, 12);
  record.writeUInt32LE(masked(bytes), 12 + bytes.length);
  return record;
}

/** Turned and moved, because the sum of bytes that hold their own sum says nothing. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
