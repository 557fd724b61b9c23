import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '@genesis/core/node';
import type { PlannedRun } from './api.js';
import type { ExperimentPaths } from './layout.js';
import { readRecords } from './records.js';

export interface RunAllOpts {
  /** The experiment's file. */
  readonly file: string;
  /** Runs at a time. */
  readonly jobs: number;
  /** Threads of each. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** A run begins, has ended, or has failed with a reason. */
  readonly onRun?: (event: RunEvent) => void;
}

export interface RunEvent {
  readonly id: string;
  readonly state: 'started' | 'done' | 'failed';
  readonly reason?: string;
  readonly ended: number;
  readonly total: number;
}

/** How the runs ended. */
export interface RunAllResult {
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
  readonly interrupted: boolean;
}

/** Command line of one run, for a process of its own or a job of a cluster. */
export function commandOf(file: string, folder: string, id: string, threads?: number): string[] {
  return [
    'compare',
    file,
    '--out',
    folder,
    '--only',
    id,
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ];
}

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/**
 * Does all runs that have no record yet, several at a time, each in a process of its own. One that fails ends no other;
 * those that need it fail with it. When the signal comes, runs under way save and stop.
 */
export async function runAll(
  runs: readonly PlannedRun[],
  paths: ExperimentPaths,
  opts: RunAllOpts,
): Promise<RunAllResult> {
  await Promise.all([paths.runs, paths.logs, paths.records].map(makeFolder));
  const done = new Set((await readRecords(runs, paths)).keys());
  const waiting = runs.filter(({ id }) => !done.has(id));
  const failed = new Map<string, string>();
  const tell = (id: string, state: RunEvent['state'], reason?: string): void =>
    opts.onRun?.({ id, state, reason, ended: done.size + failed.size, total: runs.length });
  const next = (): PlannedRun | undefined => {
    const at = waiting.findIndex((run) => {
      const after = run.kind === 'finetune' ? run.after : undefined;
      return after === undefined || done.has(after) || failed.has(after);
    });
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  const under = new Set<Promise<void>>();
  const start = (run: PlannedRun): void => {
    const after = run.kind === 'finetune' ? run.after : undefined;
    const work = async (): Promise<void> => {
      if (after !== undefined && failed.has(after)) {
        failed.set(run.id, `${after} has failed`);
        tell(run.id, 'failed', failed.get(run.id));
        return;
      }
      tell(run.id, 'started');
      const reason = await runInProcess(run.id, paths, opts);
      if (opts.signal?.aborted) return;
      if (reason === undefined) done.add(run.id);
      else failed.set(run.id, reason);
      tell(run.id, reason === undefined ? 'done' : 'failed', reason);
    };
    const promise = work().finally(() => under.delete(promise));
    under.add(promise);
  };
  while (!opts.signal?.aborted) {
    while (under.size < opts.jobs) {
      const run = next();
      if (!run) break;
      start(run);
    }
    if (under.size === 0) break;
    await Promise.race(under);
  }
  await Promise.all(under);
  return {
    failed: [...failed].map(([id, reason]) => ({ id, reason })),
    interrupted: opts.signal?.aborted ?? false,
  };
}

/** @returns Why it failed, undefined when it did not. */
async function runInProcess(
  id: string,
  paths: ExperimentPaths,
  { file, threads, signal }: RunAllOpts,
): Promise<string | undefined> {
  const log = join(paths.logs, `${id}.log`);
  const stream = createWriteStream(log, { flags: 'a' });
  const args = [...process.execArgv, MAIN, ...commandOf(file, paths.folder, id, threads)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  child.stdout.pipe(stream, { end: false });
  child.stderr.pipe(stream, { end: false });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (code === 0) return undefined;
    await new Promise((resolve) => stream.end(resolve));
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    return (
      lines.findLast((line) => line.startsWith('genesis:'))?.slice('genesis: '.length) ??
      `it ended with ${code}; see ${log}`
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    stream.end();
  }
}
