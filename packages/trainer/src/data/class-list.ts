import { extname } from 'node:path';
import { TrainerError } from '../errors.js';
import type { DescribedClass } from './layouts/api.js';
import { classesOfJson, type JsonClasses } from './layouts/json-fields.js';
import { isObject, readJson } from './read-json.js';

/**
 * Classes as a user names them: '1=liver,2=tumor', or a json with `labels` such as nnU-Net's dataset.json or the Decathlon's.
 *
 * @throws TrainerError 'bad-argument' for other text, 'bad-data' for a file that names no classes.
 */
export async function readClassList(text: string): Promise<JsonClasses> {
  if (extname(text).toLowerCase() !== '.json') return { classes: text.split(',').map(classOf) };
  const json = await readJson(text);
  const found = classesOfJson(isObject(json) ? json.labels : undefined, text);
  if (found.classes) return found;
  throw new TrainerError('bad-data', `${text} has no labels with names of classes`, { file: text });
}

/** A region as a user names it: 'whole=1,2,3'. Throws TrainerError 'bad-argument' for other text. */
export function parseRegion(text: string): DescribedClass {
  const at = text.lastIndexOf('=');
  const name = text.slice(0, at).trim();
  const values = text.slice(at + 1).split(',');
  if (at > 0 && name !== '' && values.every(isWhole)) {
    return { name, values: values.map(Number) };
  }
  throw new TrainerError(
    'bad-argument',
    `a region is a name with its labels, such as whole=1,2,3, not ${JSON.stringify(text)}`,
  );
}

function classOf(text: string): DescribedClass {
  const at = text.indexOf('=');
  const [value, name] = [text.slice(0, at), text.slice(at + 1).trim()];
  if (at > 0 && name !== '' && isWhole(value)) return { name, values: [Number(value)] };
  throw new TrainerError(
    'bad-argument',
    `classes are labels with their names, such as 1=liver,2=tumor, or a dataset.json, not ${JSON.stringify(text)}`,
  );
}

function isWhole(text: string): boolean {
  return /^\s*-?\d+\s*$/.test(text);
}
