import { TrainerError } from '../errors.js';
import { isObject, readJson } from './read-json.js';

/** Names of cases on both sides. */
export interface NamedSplit {
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

/**
 * Reads a split: a json with `train` and `val` (or `validation`), or a list of such, one for each fold, as nnU-Net's
 * `splits_final.json`.
 *
 * @returns One for each fold; one alone where the file is no list.
 * @throws TrainerError 'bad-data'.
 */
export async function readSplitFile(file: string): Promise<NamedSplit[]> {
  const json = await readJson(file);
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (list.length === 0) throw badSplit(file);
  return list.map((one) => {
    const train = isObject(one) ? namesOf(one.train ?? one.training) : undefined;
    const validation = isObject(one) ? namesOf(one.val ?? one.validation) : undefined;
    if (!train?.length || !validation?.length) throw badSplit(file);
    return { train, validation };
  });
}

function namesOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names: readonly unknown[] = value;
  return names.every((name) => typeof name === 'string') ? [...names] : undefined;
}

function badSplit(file: string): TrainerError {
  return new TrainerError(
    'bad-data',
    `${file} is no split: it must hold {"train": [names], "val": [names]}, or a list of such, one for each fold`,
    { file },
  );
}
