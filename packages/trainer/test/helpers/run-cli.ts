import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunCliOpts {
  /** Largest file in blocks of 512 bytes (`ulimit -f`): a disk that becomes full in the middle of a file. */
  readonly fileLimit?: number;
  /** The folder in which it runs. Default: that of this process. */
  readonly cwd?: string;
  /** Called with the text of stderr so far; may signal the process. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the `genesis` command in a process of its own. */
export function runCli(args: readonly string[], opts: RunCliOpts = {}): Promise<CliResult> {
  const command = [process.execPath, main, ...args];
  const { cwd } = opts;
  const env = { ...process.env, NODE_OPTIONS: '', GENESIS_DEBUG: '' };
  const child =
    opts.fileLimit === undefined
      ? spawn(command[0], command.slice(1), { env, cwd })
      : spawn('sh', ['-c', `ulimit -f ${opts.fileLimit}; exec "$@"`, 'sh', ...command], {
          env,
          cwd,
        });
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      opts.onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
