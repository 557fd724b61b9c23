import { type GenesisError, isGenesisError } from '@genesis/core';
import type { CaseProgress } from './task.js';

export interface ForEachCaseOpts {
  readonly strict: boolean;
  readonly onCase?: (progress: CaseProgress) => void;
  readonly onWarning?: (text: string) => void;
  /** Told of each case that is left out. */
  readonly onLeftOut?: (name: string, error: GenesisError) => void;
}

/**
 * Does `work` for one case after the other. A case that fails because of its file is named and left out, and the number of those at the
 * end; with `strict`, or when no case is left, the failure is passed on.
 *
 * @param work - Gives the path of what it wrote, if anything.
 */
export async function forEachCase<C extends { readonly name: string }>(
  cases: readonly C[],
  opts: ForEachCaseOpts,
  work: (one: C, n: number) => Promise<string | undefined>,
): Promise<void> {
  const { strict, onCase, onWarning, onLeftOut } = opts;
  let failed = 0;
  const start = performance.now();
  for (const [n, one] of cases.entries()) {
    let path: string | undefined;
    try {
      path = await work(one, n);
    } catch (error) {
      if (strict || !isOfCase(error) || failed + 1 === cases.length) throw error;
      failed++;
      onWarning?.(`left out ${one.name}: ${error.message}`);
      onLeftOut?.(one.name, error);
    }
    const [done, total] = [n + 1, cases.length];
    const secondsLeft = ((performance.now() - start) / 1000 / done) * (total - done);
    onCase?.({ name: one.name, done, total, secondsLeft, path });
  }
  if (failed > 0) onWarning?.(`${failed} of ${cases.length} cases are left out`);
}

/** Whether another case may do better: a disk that is full, and an argument that is wrong for no file in particular, stay so. */
function isOfCase(error: unknown): error is GenesisError {
  if (!isGenesisError(error)) return false;
  if (error.code === 'bad-argument') return error.file !== undefined;
  return error.code !== 'write-failed';
}
