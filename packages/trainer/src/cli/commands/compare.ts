import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseInteger } from '../flags.js';
import { listenForInterrupt } from '../interrupt.js';
import { showProgress } from '../progress.js';

interface CompareFlags {
  readonly out: string;
  readonly jobs: number;
  readonly threads?: number;
  readonly only?: string;
  readonly commands?: boolean;
  readonly summary?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('Compare ways to train in a declared experiment: paired runs, tests, a report')
    .argument('<file>', 'JSON or YAML file that declares the experiment')
    .requiredOption('--out <dir>', 'folder of the experiment (required)')
    .option('--jobs <n>', 'runs at a time', parseInteger, 1)
    .option('--threads <n>', 'threads of each run (default: all cores)', parseInteger)
    .option('--only <id>', 'do this run alone, as a job of a cluster')
    .option('--commands', 'print a command for each run that has not ended, and do nothing')
    .option('--summary', 'compare what has ended, and run nothing')
    .option('--quiet', 'show only warnings and the result')
    .option('--json', 'print the summary as JSON on stdout')
    .addHelpText(
      'after',
      `\nExamples:\n  genesis compare few-labels.yaml --out runs/few-labels --jobs 2 --threads 1\n  genesis compare few-labels.yaml --out runs/few-labels --summary`,
    )
    .action(async (file: string, flags: CompareFlags) => {
      if (flags.only !== undefined) return doOne(file, flags.only, flags);
      if (flags.commands) return printCommands(file, flags);
      return doAll(file, flags);
    });
}

async function doAll(file: string, flags: CompareFlags): Promise<void> {
  const { compare, compareEnded } = await import('../../compare/compare.js');
  const { showSummary } = await import('../../compare/show-summary.js');
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const interrupt = listenForInterrupt(say);
  try {
    const opts = { experiment: file, out: resolve(flags.out) };
    const { jobs, threads } = flags;
    const result = flags.summary
      ? { ...(await compareEnded(opts)), failed: [], interrupted: false }
      : await compare({
          ...opts,
          jobs,
          threads,
          signal: interrupt.signal,
          onRun: ({ id, state, reason, ended, total }) => {
            if (state === 'failed') say(`${ended}/${total} ${id} failed: ${reason}`);
            else if (!flags.quiet) say(`${ended}/${total} ${id} ${state}`);
          },
        });
    process.stdout.write(
      flags.json
        ? `${JSON.stringify(result)}\n`
        : `${showSummary(result.summary)}\n\nreport: ${result.report}\n`,
    );
    if (result.failed.length > 0) {
      say(`genesis: ${result.failed.length} runs have failed; the same command tries them again`);
      process.exitCode = 1;
    }
    if (result.interrupted) process.exitCode = interrupt.exitCode() ?? 1;
  } finally {
    interrupt.release();
  }
}

async function doOne(file: string, id: string, flags: CompareFlags): Promise<void> {
  const { compareOne } = await import('../../compare/compare.js');
  const onEvent = showProgress({ quiet: flags.quiet ?? false, stream: process.stderr });
  const interrupt = listenForInterrupt((text) => onEvent({ type: 'warning', text }));
  try {
    const { threads } = flags;
    const hooks = { signal: interrupt.signal, onEvent };
    const out = resolve(flags.out);
    const ended = await compareOne({ experiment: file, out, id, threads, ...hooks });
    if (!ended) process.exitCode = interrupt.exitCode() ?? 1;
  } finally {
    interrupt.release();
  }
}

async function printCommands(file: string, flags: CompareFlags): Promise<void> {
  const { prepareExperiment } = await import('../../compare/compare.js');
  const { commandOf } = await import('../../compare/run-all.js');
  const { readRecords } = await import('../../compare/records.js');
  const { paths, runs } = await prepareExperiment(file, resolve(flags.out));
  const done = await readRecords(runs, paths);
  for (const { id } of runs) {
    if (done.has(id)) continue;
    const words = commandOf(file, paths.folder, id, flags.threads);
    process.stdout.write(`genesis ${words.map(quoted).join(' ')}\n`);
  }
}

/** A word for a shell. */
const quoted = (word: string): string =>
  /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
