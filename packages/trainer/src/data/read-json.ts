import { readFile } from 'node:fs/promises';
import { systemReason } from '@genesis/core/node';
import { TrainerError } from '../errors.js';

/** The fields of a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads a JSON file.
 *
 * @throws TrainerError 'bad-data' when it cannot be read or is no JSON.
 */
export async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new TrainerError('bad-data', `cannot read ${file}: ${systemReason(cause)}`, {
      file,
      cause,
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    throw new TrainerError('bad-data', `${file} is no JSON: ${(cause as Error).message}`, {
      file,
      cause,
    });
  }
}

/** Whether a value is an object with fields. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The texts of a list, or a single one; undefined for anything else. */
export function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  const texts: readonly unknown[] = value;
  return texts.every((one) => typeof one === 'string') ? texts : undefined;
}
