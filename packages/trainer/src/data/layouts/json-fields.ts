import { TrainerError } from '../../errors.js';
import { isObject, type JsonObject } from '../read-json.js';
import type { DescribedClass } from './api.js';

/** The classes of a dataset, and the label that does not count. */
export interface JsonClasses {
  readonly classes?: readonly DescribedClass[];
  readonly ignoreLabel?: number;
}

const WHOLE = /^-?\d+$/;

/**
 * The names of classes as nnU-Net (`"liver": 1`, regions `"tumour": [1, 2]`, `"ignore": 3`) and the Decathlon (`"1": "liver"`)
 * write them. None when `value` is left out.
 *
 * @throws TrainerError 'bad-data' for anything else.
 */
export function classesOfJson(value: unknown, file: string): JsonClasses {
  if (value === undefined) return {};
  if (!isObject(value)) throw badLabels(file, value);
  const classes: DescribedClass[] = [];
  let ignoreLabel: number | undefined;
  for (const [key, entry] of Object.entries(value)) {
    const isByValue = WHOLE.test(key) && typeof entry === 'string' && !WHOLE.test(entry);
    const name = isByValue ? entry : key;
    const values = isByValue ? [Number(key)] : valuesOf(entry);
    if (values === undefined || name === '') throw badLabels(file, { [key]: entry });
    if (name.toLowerCase() === 'ignore' && values.length === 1) [ignoreLabel] = values;
    else classes.push({ name, values });
  }
  return { classes, ignoreLabel };
}

function valuesOf(entry: unknown): number[] | undefined {
  const list: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
  const values = list.map((one) =>
    typeof one === 'string' && WHOLE.test(one) ? Number(one) : one,
  );
  return values.length > 0 &&
    values.every((one) => typeof one === 'number' && Number.isInteger(one))
    ? (values as number[])
    : undefined;
}

function badLabels(file: string, value: unknown): TrainerError {
  return new TrainerError(
    'bad-data',
    `${file}: its labels hold ${JSON.stringify(value)}, but must be names with whole numbers, such as {"background": 0, "liver": 1}`,
    { file },
  );
}

/** Names of channels as `{"0": "CT", "1": "PET"}` (`channel_names`, `modality`) or a list; none when there are no such. */
export function channelsOfJson(json: JsonObject): string[] | undefined {
  for (const value of [json.channel_names, json.modality]) {
    if (typeof value === 'string') return [value];
    const entries = isObject(value) ? Object.entries(value) : undefined;
    const names = entries
      ? entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, name]) => name)
      : value;
    if (!Array.isArray(names) || names.length === 0) continue;
    return different(names.map((name, n) => (typeof name === 'string' && name ? name : String(n))));
  }
  return undefined;
}

/** Names made different by their number, where some are alike. */
export function different(names: readonly string[]): string[] {
  const isTwice = (name: string): boolean => names.filter((other) => other === name).length > 1;
  return names.map((name, n) => (isTwice(name) ? `${name} ${n}` : name));
}
