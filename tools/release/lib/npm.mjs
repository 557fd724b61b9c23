import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs npm and returns what it printed.
 *
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @throws Error with npm's own words
 */
export async function npm(args, options = {}) {
  try {
    const { stdout } = await run('npm', args, {
      maxBuffer: 1 << 26,
      shell: process.platform === 'win32',
      ...options,
    });
    return stdout;
  } catch (error) {
    throw new Error(`npm ${args.join(' ')}\n${error.stderr || error.message}`);
  }
}
