import type { z } from 'zod';
import { HubError } from '../errors.js';
import { CARD_FILE, MODEL_PACKAGE_FORMAT, type ModelFacts, type PublishedModel } from './api.js';
import { factsSchema, publishedSchema } from './schema.js';

/**
 * Checks the card of a published model as it comes out of JSON. Fields that are not known are left out.
 *
 * @param origin - Its file or address, for messages.
 * @throws HubError 'bad-card' that names the fields, 'newer-card' for a format of a later version.
 */
export function parsePublishedModel(value: unknown, origin = CARD_FILE): PublishedModel {
  const format = (value as { readonly format?: unknown } | null)?.format;
  const version = /^genesis-model-(\d+)$/.exec(String(format))?.[1];
  if (version !== undefined && format !== MODEL_PACKAGE_FORMAT) {
    throw new HubError(
      'newer-card',
      `${origin} has the format ${format}, but this program knows ${MODEL_PACKAGE_FORMAT}: update it`,
      { file: origin },
    );
  }
  return checked(publishedSchema, value, origin);
}

/**
 * The card in a text.
 *
 * @throws HubError as parsePublishedModel, also for what is no JSON.
 */
export function readPublishedModel(text: string, origin = CARD_FILE): PublishedModel {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HubError('bad-card', `${origin} is no JSON`, { file: origin, cause });
  }
  return parsePublishedModel(value, origin);
}

/**
 * Checks what a person says of a model; fields that are not known are errors.
 *
 * @throws HubError 'bad-card' that names the fields.
 */
export function parseModelFacts(value: unknown, origin: string): ModelFacts {
  return checked(factsSchema, value, origin);
}

function checked<T>(schema: z.ZodType<T>, value: unknown, origin: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const sentences = result.error.issues.map(({ path, message, code }) => {
    const missing = code === 'invalid_type' && valueAt(value, path) === undefined;
    const where = path.length > 0 ? nameOf(path) : 'the card';
    return missing ? `${where} is missing` : `${where}: ${message}`;
  });
  throw new HubError('bad-card', `${origin}: ${sentences.join('; ')}`, { file: origin });
}

/** data[0].license */
function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (inside as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}
