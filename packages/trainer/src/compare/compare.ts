import { atomicWrite, makeFolder, takeLock } from '@genesis/core/node';
import { TrainerError } from '../errors.js';
import { renderPage } from '../report/page.js';
import type { Experiment, FinetuneRecord, PlannedRun } from './api.js';
import { type ExperimentPaths, experimentPaths } from './layout.js';
import { planRuns } from './plan-runs.js';
import { readExperiment } from './read-experiment.js';
import { readRecords, writeResults } from './records.js';
import { type RunAllOpts, type RunAllResult, runAll } from './run-all.js';
import { type RunOneOpts, runOne } from './run-one.js';
import { runsCsv } from './runs-csv.js';
import { type ExperimentSummary, summarize } from './summarize.js';
import { summaryPage } from './summary-page.js';
import { writeDatalists } from './write-datalists.js';

/** Options of {@link compare}. */
export interface CompareOpts extends Pick<RunAllOpts, 'threads' | 'signal' | 'onRun'> {
  /** JSON or YAML file that declares the experiment. */
  readonly experiment: string;
  /** Folder of the experiment. */
  readonly out: string;
  /** Runs at a time. Default 1. */
  readonly jobs?: number;
}

/** What an experiment shows, and what failed. */
export interface CompareResult extends RunAllResult {
  readonly summary: ExperimentSummary;
  /** Path of report.html. */
  readonly report: string;
}

/**
 * Does the runs of a declared experiment that have not been done yet, and compares arms: with each seed all arms learn from the
 * same cases, and are tested on cases that none has seen. Can be stopped at any time; the same call goes on. Writes
 * results.jsonl, runs.csv, summary.json and report.html into the folder.
 *
 * @throws TrainerError 'bad-config', 'bad-data', 'no-data', 'data-changed'; a run that fails is told of, and ends no other.
 */
export async function compare(opts: CompareOpts): Promise<CompareResult> {
  const { experiment: file, out, jobs = 1, ...rest } = opts;
  const prepared = await prepareExperiment(file, out);
  const { paths, runs } = prepared;
  const held = await takeLock(paths.lock);
  let outcome: RunAllResult;
  try {
    outcome = await runAll(runs, paths, { file, jobs, ...rest });
  } finally {
    await held.release();
  }
  return { ...outcome, ...(await writeSummary(prepared)) };
}

/**
 * Compares the runs of an experiment that have ended, and writes the summary.
 *
 * @throws TrainerError as compare.
 */
export async function compareEnded({
  experiment: file,
  out,
}: Pick<CompareOpts, 'experiment' | 'out'>): Promise<Pick<CompareResult, 'summary' | 'report'>> {
  return writeSummary(await planExperiment(file, out));
}

async function writeSummary({
  experiment,
  paths,
  runs,
}: PlannedExperiment): Promise<Pick<CompareResult, 'summary' | 'report'>> {
  const records = await readRecords(runs, paths);
  const finetuned = [...records.values()].filter(
    (one): one is FinetuneRecord => one.kind === 'finetune',
  );
  const summary = summarize(experiment, runs, records);
  await writeResults(records, paths.results);
  await atomicWrite(paths.table, runsCsv(finetuned));
  await atomicWrite(paths.summary, `${JSON.stringify(summary, null, 2)}\n`);
  await atomicWrite(paths.report, renderPage(summaryPage(summary, finetuned)));
  return { summary, report: paths.report };
}

/** Does one run of an experiment in this process, as a job of a cluster does. */
export async function compareOne(
  opts: Pick<CompareOpts, 'experiment' | 'out'> & RunOneOpts & { readonly id: string },
): Promise<boolean> {
  const { experiment: file, out, id, ...rest } = opts;
  const { paths, runs } = await prepareExperiment(file, out);
  const run = runs.find((one) => one.id === id);
  if (!run) {
    throw new TrainerError(
      'bad-argument',
      `${file} has no run '${id}'; the first is '${runs[0]?.id}'`,
      {
        file,
      },
    );
  }
  await makeFolder(paths.records);
  if ((await readRecords(runs, paths)).has(id)) return true;
  return (await runOne(run, runs, paths, rest)) !== undefined;
}

/** An experiment with its runs. */
interface PlannedExperiment {
  readonly experiment: Experiment;
  readonly paths: ExperimentPaths;
  readonly runs: readonly PlannedRun[];
}

/** Reads the experiment and checks all of it. */
async function planExperiment(file: string, out: string): Promise<PlannedExperiment> {
  const experiment = await readExperiment(file);
  const paths = experimentPaths(out);
  return { experiment, paths, runs: planRuns(experiment, paths) };
}

/** The same, and decides which cases each run learns from. */
export async function prepareExperiment(file: string, out: string): Promise<PlannedExperiment> {
  const planned = await planExperiment(file, out);
  await makeFolder(out);
  await writeDatalists(planned.experiment, planned.paths.data);
  return planned;
}
