import { join } from 'node:path';

/** The files of an experiment. */
export interface ExperimentPaths {
  readonly folder: string;
  readonly lock: string;
  /** Which cases are trained on, validated and tested with: MONAI datalists. */
  readonly data: string;
  readonly runs: string;
  /** What each run printed. */
  readonly logs: string;
  /** One file for each run that has ended. */
  readonly records: string;
  /** All of them, one a line. */
  readonly results: string;
  readonly summary: string;
  readonly table: string;
  readonly report: string;
}

export function experimentPaths(folder: string): ExperimentPaths {
  return {
    folder,
    lock: join(folder, '.lock'),
    data: join(folder, 'data'),
    runs: join(folder, 'runs'),
    logs: join(folder, 'logs'),
    records: join(folder, 'records'),
    results: join(folder, 'results.jsonl'),
    summary: join(folder, 'summary.json'),
    table: join(folder, 'runs.csv'),
    report: join(folder, 'report.html'),
  };
}
