import { join } from 'node:path';

/** In a folder of folds: the options that they were started with, so that `resume` needs no others. */
export const FOLDS_FILE = 'folds.json';

/** What it holds. */
export interface StartedFolds {
  /** The folder in which they were started, where relative paths begin. */
  readonly cwd: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The run of a fold in the folder of all. */
export function foldFolder(folder: string, fold: number): string {
  return join(folder, `fold${fold}`);
}
