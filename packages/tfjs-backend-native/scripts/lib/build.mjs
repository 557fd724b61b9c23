import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compileAll } from './compile.mjs';
import { withLock } from './lock.mjs';
import { builds } from './sources.mjs';

/**
 * Builds `what` (a name of builds) with a toolchain in a folder, and returns the paths made. Throws BuildError.
 *
 * @param {{
 *   what: 'addon' | 'tests' | 'benches',
 *   toolchain: import('./toolchain.mjs').Toolchain,
 *   folder: string,
 *   suffix?: string,
 *   report?: (line: string) => void,
 * }} options `suffix` ends the names of programs; `report` is told what is compiled.
 */
export function build({ what, toolchain, folder, suffix, report }) {
  const jobs = Number(process.env.GENESIS_BUILD_JOBS) || Math.max(2, availableParallelism());
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, '.lock'), () =>
    compileAll({ toolchain, folder, jobs, suffix, report, ...builds[what]() }),
  );
}
