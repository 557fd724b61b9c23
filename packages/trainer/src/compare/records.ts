import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';
import { TrainerError } from '../errors.js';
import type { PlannedRun, RunRecord } from './api.js';
import type { ExperimentPaths } from './layout.js';
import { recipeOf } from './plan-runs.js';

/** Where the record of a run that has ended lies. */
export function recordPath(paths: ExperimentPaths, id: string): string {
  return join(paths.records, `${id}.json`);
}

/**
 * The records of the planned runs that have ended, by their ids.
 *
 * @throws TrainerError 'data-changed' for a run that was done with other options than are planned now.
 */
export async function readRecords(
  runs: readonly PlannedRun[],
  paths: ExperimentPaths,
): Promise<Map<string, RunRecord>> {
  const records = new Map<string, RunRecord>();
  for (const run of runs) {
    const path = recordPath(paths, run.id);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const record = JSON.parse(text) as RunRecord;
    if (record.recipe !== recipeOf(run, runs)) {
      throw new TrainerError(
        'data-changed',
        `${run.id} was done with other options than the experiment has now; compare in another folder, or remove ${path} and its run to do it again`,
        { file: path },
      );
    }
    records.set(run.id, record);
  }
  return records;
}

/** Writes all records into one file, a line each. */
export async function writeResults(
  records: ReadonlyMap<string, RunRecord>,
  path: string,
): Promise<void> {
  await atomicWrite(path, [...records.values()].map((one) => `${JSON.stringify(one)}\n`).join(''));
}
