import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/**
 * An empty folder that is removed after the test.
 *
 * @param inside - Where to make it, made when it is missing; default the system's folder for temporary files.
 */
export async function tempFolder(t: ExecutionContext, inside = tmpdir()): Promise<string> {
  await mkdir(inside, { recursive: true });
  const folder = await mkdtemp(join(inside, 'genesis-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
