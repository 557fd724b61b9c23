// What both commands need: dependencies installed, packages built. Plain JavaScript on Node's own
// modules, because it runs in a bare clone before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const OLDEST_NODE = [20, 19];

/** Ends with one sentence on a Node.js that is too old, before anything fails in a stranger way. */
function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(
    `Genesis needs Node.js ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}.`,
  );
  process.exit(1);
}

/**
 * Runs a command in the repository with its output shown, and resolves with its exit code and what
 * it printed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ quiet?: boolean, inherit?: boolean }} [opts] quiet: show output only when it fails;
 *   inherit: hand the terminal over, so that progress bars are live.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, opts = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: opts.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      // Nx forces colours on what it runs unless told otherwise; tests compare plain text.
      env: { ...process.env, NX_TUI: 'false', ...(opts.inherit ? {} : { FORCE_COLOR: '0' }) },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
        if (!opts.quiet) process.stdout.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (opts.quiet && code !== 0) process.stdout.write(output);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Like `run`, but ends the process when the command fails. */
async function must(command, args, opts) {
  const { code } = await run(command, args, opts);
  if (code !== 0) {
    console.error(`'${command} ${args.join(' ')}' failed.`);
    process.exit(code);
  }
}

/** Installs what package-lock.json names; does nothing when that is what is installed already. */
export async function install() {
  requireNode();
  const lock = readFileSync(`${root}/package-lock.json`);
  const hash = createHash('sha256').update(lock).update(process.versions.modules).digest('hex');
  const stamp = `${root}/node_modules/.genesis-installed`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.log('Installing dependencies …');
  await must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true });
  writeFileSync(stamp, hash);
}

/** Builds every package; unchanged ones come from the cache. */
export async function build(...targets) {
  console.log('Building …');
  await must('npx', ['nx', 'run-many', '-t', ...targets, '--output-style=static'], { quiet: true });
}
