import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';

/**
 * A name beside `path` under which a file can be written before it is renamed to `path`. It is short, since `path` may be
 * as long as the file system allows, hidden, so that nobody takes it for data, and nobody else's, on shared disks too.
 */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${randomUUID()}.tmp`);
}

/** Whether `name` is one that `temporaryPath` gives: left behind by a process that was killed while it wrote. */
export function isTemporary(name: string): boolean {
  return /^\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/.test(name);
}
