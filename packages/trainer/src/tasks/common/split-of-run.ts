import { createRng } from '@genesis/core';
import { compareData, type DataRecord } from '../../data/identify.js';
import { type Split, splitCases } from '../../data/split-cases.js';
import { STREAM } from '../../data/streams.js';
import { TrainerError } from '../../errors.js';
import type { SplitNames } from '../../run/run-info.js';
import type { RunContext } from '../../training/run-context.js';
import type { SplitRules } from './split-rules.js';

/** A case as a split sees it. */
export interface SplitCase {
  readonly name: string;
  /** Cases of one group stay on one side. */
  readonly group: string;
}

/** Both sides of a split, with the names of their cases. */
export interface RunSplit extends Split {
  readonly names: SplitNames;
}

/** What of a run's context a split depends on. */
export type SplitContext = Pick<RunContext, 'previous' | 'run'> & {
  readonly config: { readonly validation: number; readonly seed: number };
};

/**
 * Which cases are trained on and which validated with: by the rules for a new run, and the run's own for one that is resumed.
 *
 * @param data - Records of all volumes of the cases.
 * @param rules - How a new run is divided. Default: at random, by the groups that the cases have.
 * @throws TrainerError 'data-changed' when a resumed run was started with other volumes.
 */
export function splitOfRun(
  context: SplitContext,
  cases: readonly SplitCase[],
  data: readonly DataRecord[],
  rules?: SplitRules,
): RunSplit {
  const { previous, config } = context;
  const namesOf = (indices: readonly number[]): string[] => indices.map((n) => cases[n].name);
  const split = previous
    ? splitAsBefore(context, cases, data)
    : (rules?.sides ??
      splitCases(
        rules?.groups ?? cases.map(({ group }) => group),
        config.validation,
        createRng(config.seed, STREAM.split),
      ));
  return {
    ...split,
    names: { train: namesOf(split.train), validation: namesOf(split.validation) },
  };
}

function splitAsBefore(
  { previous, run }: SplitContext,
  cases: readonly SplitCase[],
  data: readonly DataRecord[],
): Split {
  const { train = [], validation = [] } = previous?.split ?? {};
  const names = cases.map(({ name }) => name);
  const differences = previous?.data
    ? compareData(previous.data, data)
    : [
        ...[...train, ...validation].filter((n) => !names.includes(n)).map((n) => `${n} is gone`),
        ...names
          .filter((n) => !train.includes(n) && !validation.includes(n))
          .map((n) => `${n} was added`),
      ];
  if (differences.length > 0) throw dataChanged(run.paths.folder, differences);
  const indices = names.map((_, n) => n);
  return {
    train: indices.filter((n) => train.includes(names[n])),
    validation: indices.filter((n) => validation.includes(names[n])),
  };
}

/** The error for a run whose data are not what they were. */
export function dataChanged(folder: string, differences: readonly string[]): TrainerError {
  const shown = differences.slice(0, 5).join('; ');
  const rest = differences.length > 5 ? `; and ${differences.length - 5} more` : '';
  return new TrainerError(
    'data-changed',
    `cannot resume ${folder}: its data have changed since it was started: ${shown}${rest}; put them back, or start a new run`,
    { file: folder },
  );
}
