import { createRng } from '@genesis/core';
import { foldOf } from '../../data/folds.js';
import type { CaseSplit } from '../../data/layouts/api.js';
import { patientGroups } from '../../data/patient-groups.js';
import { readSplitFile } from '../../data/read-split-file.js';
import type { Split } from '../../data/split-cases.js';
import { STREAM } from '../../data/streams.js';
import { TrainerError } from '../../errors.js';
import { VALIDATION } from './as-validation.js';
import type { SplitConfig } from './split-fields.js';

/** A case, and what its dataset says about its side. */
export interface RuledCase {
  readonly name: string;
  /** Cases of one group stay on one side. */
  readonly group: string;
  readonly split?: CaseSplit;
  readonly fold?: number;
}

/** How the cases of a new run are divided. */
export interface SplitRules {
  /** The group of each case. */
  readonly groups: readonly string[];
  /** Left out: at random. Cases on neither side are not used. */
  readonly sides?: Split;
}

/**
 * How cases are divided: by a file of names, by folds, as the dataset itself says, or at random. No patient is ever on both sides.
 *
 * @throws TrainerError 'bad-config' for options that exclude each other or a fold that there is not; 'bad-data' for a file that
 *   names unknown cases, or for a patient on both sides.
 */
export async function splitRules(
  config: Partial<SplitConfig> & { readonly seed: number },
  cases: readonly RuledCase[],
  onWarning: (text: string) => void,
): Promise<SplitRules> {
  // Patterns and tables know cases of a validation folder by their own names.
  const own = cases.map(({ name, group }) =>
    config.validationImages !== undefined && name.startsWith(VALIDATION)
      ? { name: name.slice(VALIDATION.length), group }
      : { name, group },
  );
  const groups = await patientGroups(own, config);
  const sides = await sidesOf(config, cases, groups, onWarning);
  if (sides) refuseOnBoth(groups, sides);
  return { groups, sides };
}

async function sidesOf(
  config: Partial<SplitConfig> & { readonly seed: number },
  cases: readonly RuledCase[],
  groups: readonly string[],
  onWarning: (text: string) => void,
): Promise<Split | undefined> {
  const { split, folds, fold } = config;
  const indices = cases.map((_, n) => n);
  if (split !== undefined && folds !== undefined) {
    throw new TrainerError('bad-config', 'a split by a file (split) and folds exclude each other');
  }
  if (split !== undefined) return splitByFile(split, fold, cases, onWarning);
  if (folds !== undefined) {
    if (config.validationImages !== undefined) {
      throw new TrainerError(
        'bad-config',
        'folds and a validation folder (validationImages) exclude each other',
      );
    }
    return foldOf(groups, { folds, fold: Number(fold) }, createRng(config.seed, STREAM.split));
  }
  if (fold !== undefined) {
    if (!cases.every((one) => one.fold !== undefined)) {
      throw new TrainerError(
        'bad-config',
        `the option fold needs folds (--folds), a list of splits (--split), or a dataset that says in which fold each case is`,
      );
    }
    const validation = indices.filter((n) => cases[n].fold === fold);
    if (validation.length > 0) {
      return { train: indices.filter((n) => cases[n].fold !== fold), validation };
    }
    throw new TrainerError('bad-config', `the dataset has no case in the fold ${fold}`);
  }
  const onSide = (side: CaseSplit): number[] => indices.filter((n) => cases[n].split === side);
  const [train, validation] = [onSide('train'), onSide('validation')];
  return train.length > 0 && validation.length > 0 ? { train, validation } : undefined;
}

async function splitByFile(
  file: string,
  fold: number | 'all' | undefined,
  cases: readonly RuledCase[],
  onWarning: (text: string) => void,
): Promise<Split> {
  const all = await readSplitFile(file);
  if (all.length > 1 && fold === undefined) {
    throw new TrainerError(
      'bad-config',
      `${file} holds ${all.length} splits: choose one with --fold 0…${all.length - 1}, or train all with --fold all`,
      { file },
    );
  }
  const chosen = all.at(Number(fold ?? 0));
  if (!chosen) {
    throw new TrainerError(
      'bad-config',
      `${file} has no split ${fold}: it holds ${all.length}, counted from 0`,
      { file },
    );
  }
  const known = new Map(cases.map(({ name }, n) => [name, n]));
  const find = (names: readonly string[]): number[] => {
    const unknown = names.filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new TrainerError(
        'bad-data',
        `${file} names ${unknown.slice(0, 3).join(', ')}${unknown.length > 3 ? ', …' : ''}, which ${unknown.length > 1 ? 'are no cases' : 'is no case'} of the dataset; those are called ${cases
          .slice(0, 3)
          .map(({ name }) => name)
          .join(', ')}${cases.length > 3 ? ', …' : ''}`,
        { file },
      );
    }
    return names.map((name) => known.get(name) ?? -1).sort((a, b) => a - b);
  };
  const sides = { train: find(chosen.train), validation: find(chosen.validation) };
  const unused = cases.length - new Set([...sides.train, ...sides.validation]).size;
  if (unused > 0) onWarning(`${unused} of ${cases.length} cases are not in ${file} and not used`);
  return sides;
}

/** @throws TrainerError 'bad-data' that names who is on both sides. */
function refuseOnBoth(groups: readonly string[], { train, validation }: Split): void {
  const trained = new Set(train.map((n) => groups[n]));
  const both = [...new Set(validation.map((n) => groups[n]))].filter((one) => trained.has(one));
  if (both.length === 0) return;
  throw new TrainerError(
    'bad-data',
    `${both.slice(0, 3).join(', ')}${both.length > 3 ? ', …' : ''} would be trained on and validated with: a patient belongs to one side of the split`,
  );
}
