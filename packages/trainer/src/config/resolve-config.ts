import type { z } from 'zod';
import { TrainerError } from '../errors.js';
import { suggest } from './suggest.js';

/** An object schema whose unknown keys are errors. */
export type ConfigSchema = z.ZodObject<z.ZodRawShape>;

/**
 * Validates options: `flags` win over `file`, defaults fill the rest. Flags that are undefined count as not given.
 *
 * @param origin - Name of the configuration file, for messages.
 * @throws TrainerError 'bad-config' that names the first wrong key, what it may be, and a near name for an unknown one.
 */
export function resolveConfig<S extends ConfigSchema>(
  schema: S,
  flags: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>> = {},
  origin?: string,
): z.output<S> {
  const merged: Record<string, unknown> = { ...file };
  for (const [key, value] of Object.entries(flags)) {
    if (value !== undefined) merged[key] = value;
  }
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  // Unknown keys first: a misspelt required key shows up twice, and this message is the helpful one.
  const issue =
    result.error.issues.find((one) => one.code === 'unrecognized_keys') ?? result.error.issues[0];
  const key = issue.path.map(String);
  const fromFile = origin !== undefined && !(String(key[0]) in flags);
  const where = fromFile ? ` in ${origin}` : '';
  throw new TrainerError('bad-config', describe(schema, issue, key, merged, where));
}

function describe(
  schema: ConfigSchema,
  issue: z.core.$ZodIssue,
  path: readonly string[],
  input: unknown,
  where: string,
): string {
  if (issue.code === 'unrecognized_keys') {
    const word = issue.keys[0];
    const known = Object.keys(shapeAt(schema, path));
    const near = suggest(word, known);
    const hint = near ? `did you mean '${near}'?` : `known options: ${known.join(', ')}`;
    return `unknown option '${[...path, word].join('.')}'${where}; ${hint}`;
  }
  const name = path.join('.');
  const value = path.reduce<unknown>(
    (object, key) => (object as Record<string, unknown> | undefined)?.[key],
    input,
  );
  if (value === undefined) return `the option '${name}' is missing${where}`;
  const reason = issue.message
    .replace(/^Invalid (input|option): /, '')
    .replace(/^Too (big|small): /, '');
  return `option '${name}'${where} is ${JSON.stringify(value)}: ${reason}`;
}

function shapeAt(schema: ConfigSchema, path: readonly string[]): Record<string, unknown> {
  let current: unknown = schema;
  for (const key of path) {
    current = unwrap((unwrap(current) as ConfigSchema).shape[key]);
  }
  return (unwrap(current) as ConfigSchema).shape;
}

/** The schema inside `.default()` and `.optional()`. */
export function unwrap(schema: unknown): unknown {
  let current = schema as { def?: { innerType?: unknown } };
  while (current.def?.innerType) current = current.def.innerType;
  return current;
}
