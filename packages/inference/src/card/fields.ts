import type { Vec3 } from '@genesis/core';
import { InferenceError } from '../errors.js';

/** The fields of a parsed JSON object, taken out one by one with a check; errors name the field by its path. */
export class CardFields {
  private constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly path: string,
  ) {}

  /**
   * @param path - Where the object stands in the card, '' for the card itself.
   * @throws InferenceError 'bad-card' when it is no object.
   */
  static of(value: unknown, path = ''): CardFields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw badField(path, value, 'an object');
    }
    return new CardFields(value as Record<string, unknown>, path);
  }

  /** The same place in the card with other fields. */
  map(change: (values: Readonly<Record<string, unknown>>) => Record<string, unknown>): CardFields {
    return new CardFields(change(this.values), this.path);
  }

  has(key: string): boolean {
    return this.values[key] !== undefined;
  }

  /** A finite number. */
  number(key: string): number {
    const value = this.values[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.bad(key, 'a number');
  }

  /** A whole number, of at least `least`. */
  integer(key: string, least?: number): number {
    const value = this.values[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= (least ?? value))
      return value;
    throw this.bad(
      key,
      least === undefined ? 'a whole number' : `a whole number of at least ${least}`,
    );
  }

  /** Text of at least one character. */
  text(key: string): string {
    const value = this.values[key];
    if (typeof value === 'string' && value !== '') return value;
    throw this.bad(key, 'text');
  }

  /** A list of texts, each of at least one character; may be empty. */
  texts(key: string): string[] {
    const value: unknown = this.values[key];
    const isText = (one: unknown): one is string => typeof one === 'string' && one !== '';
    if (Array.isArray(value) && value.every(isText)) return value;
    throw this.bad(key, 'a list of texts');
  }

  /** true where it is set; undefined where it is left out or false. */
  flag(key: string): true | undefined {
    const value = this.values[key];
    if (value === undefined || value === false) return undefined;
    if (value === true) return true;
    throw this.bad(key, 'true or false');
  }

  boolean(key: string): boolean {
    const value = this.values[key];
    if (typeof value === 'boolean') return value;
    throw this.bad(key, 'true or false');
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T {
    const value = this.values[key];
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw this.bad(key, `one of ${choices.join(', ')}`);
  }

  /** Three numbers above 0; whole ones with `whole`. */
  sides(key: string, whole = false): Vec3 {
    const value: unknown = this.values[key];
    const isSide = (side: unknown): boolean =>
      typeof side === 'number' &&
      side > 0 &&
      (whole ? Number.isSafeInteger(side) : side < Infinity);
    if (Array.isArray(value) && value.length === 3 && value.every(isSide)) {
      return [Number(value[0]), Number(value[1]), Number(value[2])];
    }
    throw this.bad(key, `three ${whole ? 'whole ' : ''}numbers above 0`);
  }

  object(key: string): CardFields {
    return CardFields.of(this.values[key], this.at(key));
  }

  /** The objects of a list of at least `least`. */
  objects(key: string, least: number): CardFields[] {
    const value: unknown = this.values[key];
    if (Array.isArray(value) && value.length >= least) {
      return value.map((item, n) => CardFields.of(item, `${this.at(key)}[${n}]`));
    }
    throw this.bad(key, `a list of at least ${least}`);
  }

  /** The error for a field that is not what it should be. */
  bad(key: string, wanted: string): InferenceError {
    return badField(this.at(key), this.values[key], wanted);
  }

  private at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}

function badField(path: string, value: unknown, wanted: string): InferenceError {
  const found = value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value));
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found;
  const what = path === '' ? 'the model card' : `the model card's ${path}`;
  return new InferenceError('bad-card', `${what} is ${shown}, but must be ${wanted}`, {
    field: path,
  });
}
