import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TrainerError } from '../errors.js';
import { filesOfVolume } from './files-of-volume.js';

export interface CheckOutputsOpts {
  /** Files and folders that are read: nothing in them, nor what a header has its voxels in, may be replaced. */
  readonly inputs: readonly string[];
  /** Files that are going to be written; that of the voxels beside a header of MetaImage need not be named. */
  readonly outputs: readonly string[];
  /** The folder of outputs, where it may lie in one of inputs, whose listing passes it over. */
  readonly folder?: string;
  /** Replace what was written before. */
  readonly overwrite: boolean;
}

/**
 * Makes sure, before anything is computed, that no output replaces an input, and none an earlier output unasked. Files are told
 * apart by device and number, so that links and another spelling of a path do not hide an input.
 *
 * @throws TrainerError 'bad-argument' that names the file.
 */
export async function checkOutputs(opts: CheckOutputsOpts): Promise<void> {
  const existing = new Map<string, string>();
  for (const output of opts.outputs.flatMap(writtenFiles)) {
    const id = await identityOf(output);
    if (id !== undefined) existing.set(id, output);
  }
  if (existing.size === 0) return;
  for (const input of opts.inputs) {
    const isInside = opts.folder !== undefined && resolve(input) !== resolve(opts.folder);
    for await (const file of filesBelow(input, isInside ? opts.folder : undefined, new Set())) {
      const id = await identityOf(file);
      const output = id === undefined ? undefined : existing.get(id);
      if (output === undefined) continue;
      throw new TrainerError(
        'bad-argument',
        `${output} is an input, which would be replaced by the result: choose another --out`,
        { file: output },
      );
    }
  }
  if (opts.overwrite) return;
  const [first] = existing.values();
  const more = existing.size > 1 ? ` (and ${existing.size - 1} more)` : '';
  throw new TrainerError(
    'bad-argument',
    `${first}${more} is there already: choose another --out, or add --overwrite to replace it`,
    { file: first },
  );
}

/** What is written for a path: the header of a MetaImage has its voxels beside it. */
function writtenFiles(path: string): string[] {
  return /\.mhd$/i.test(path) ? [path, path.replace(/\.mhd$/i, '.raw')] : [path];
}

/** Device and number of a file; undefined when there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  return status?.isFile() ? `${status.dev}:${status.ino}` : undefined;
}

/** @param passedOver - A folder that is not looked into under this path; by another one it may be. */
async function* filesBelow(
  path: string,
  passedOver: string | undefined,
  seen: Set<string>,
): AsyncGenerator<string> {
  if (passedOver !== undefined && resolve(path) === resolve(passedOver)) return;
  const status = await stat(path).catch(() => undefined);
  if (!status?.isDirectory()) {
    if (status) yield* await filesOfVolume(path);
    return;
  }
  const real = await realpath(path);
  if (seen.has(real)) return;
  seen.add(real);
  for (const name of await readdir(path)) {
    yield* filesBelow(join(path, name), passedOver, seen);
  }
}
