import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** What `mpirun --version` prints; undefined when there is none. */
const version = ((): string | undefined => {
  const { status, stdout } = spawnSync('mpirun', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
})();

/** Whether processes can be started by `mpirun`. */
export const hasMpirun = version !== undefined;

const isOpenMpi = version?.includes('Open MPI') ?? false;

export interface RunRanksOpts {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called when mpirun has been started. */
  readonly onStart?: (mpirun: ChildProcess) => void;
  /** Called with all that was printed so far. */
  readonly onOutput?: (text: string) => void;
}

/** How mpirun ended. */
export interface RanksResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node on a number of ranks, more than there are processors where need be, and as root where the tests are. */
export function runRanks(
  ranks: number,
  args: readonly string[],
  opts: RunRanksOpts = {},
): Promise<RanksResult> {
  const flags = isOpenMpi ? ['--oversubscribe', '--bind-to', 'none'] : [];
  const child = spawn('mpirun', [...flags, '-np', String(ranks), process.execPath, ...args], {
    cwd: opts.cwd,
    env: {
      ...process.env,
      FORCE_COLOR: '0',
      OMPI_ALLOW_RUN_AS_ROOT: '1',
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
      ...opts.env,
    },
  });
  opts.onStart?.(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    opts.onOutput?.(stdout + stderr);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    opts.onOutput?.(stdout + stderr);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
