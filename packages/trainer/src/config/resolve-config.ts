import type { z } from 'zod';
import { TrainerError } from '../errors.js';
import { suggest } from './suggest.js';

/** An object schema whose unknown keys are errors. */
export type ConfigSchema = z.ZodObject<z.ZodRawShape>;

/** Options that had another name before, in configuration files, in runs and in calls. */
export const OLDER_NAMES: Readonly<Record<string, string>> = {
  data: 'images',
  input: 'images',
  deformations: 'proxyOptions',
};

/**
 * The options under the names that they have now.
 *
 * @throws TrainerError 'bad-config' when one is given by both of its names.
 */
export function withPresentNames(
  schema: ConfigSchema,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const present = OLDER_NAMES[key];
    const isOlder = present !== undefined && present in schema.shape && !(key in schema.shape);
    const name = isOlder ? present : key;
    if (value === undefined) continue;
    if (name in renamed) {
      throw new TrainerError(
        'bad-config',
        `option '${name}' is given twice, once by its older name`,
      );
    }
    renamed[name] = value;
  }
  return renamed;
}

/**
 * The options of a run as this version would have saved them: older names replaced, options that no longer are left
 * out, and the defaults of those that were added since.
 */
export function asSavedToday(
  schema: ConfigSchema,
  saved: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.entries(withPresentNames(schema, saved)).filter(
    ([key]) => key in schema.shape,
  );
  const result = schema.safeParse(Object.fromEntries(known));
  return result.success ? result.data : Object.fromEntries(known);
}

/**
 * Validates options: `flags` win over `file`, defaults fill the rest. Flags that are undefined count as not given.
 *
 * @param origin - Name of the configuration file, for messages.
 * @throws TrainerError 'bad-config' that names every wrong key, what it may be, and a near name for an unknown one.
 */
export function resolveConfig<S extends ConfigSchema>(
  schema: S,
  flags: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>> = {},
  origin?: string,
): z.output<S> {
  const given = withPresentNames(schema, flags);
  const merged = { ...withPresentNames(schema, file), ...given };
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  // Unknown keys first: a misspelt required key shows up twice, and this message is the helpful one.
  const { issues } = result.error;
  const unknown = issues.filter(({ code }) => code === 'unrecognized_keys');
  const rest = issues.filter(({ code }) => code !== 'unrecognized_keys');
  const sentences = [...unknown, ...rest].map((issue) => {
    const key = issue.path.map(String);
    const fromFile = origin !== undefined && !(String(key[0]) in given);
    const where = fromFile ? ` in ${origin}` : '';
    // Under the name by which it was given.
    const older = Object.keys(OLDER_NAMES).find(
      (name) => OLDER_NAMES[name] === key[0] && (name in flags || name in file),
    );
    const shown = older === undefined ? key : [older, ...key.slice(1)];
    return describe(schema, issue, key, shown, merged, where);
  });
  throw new TrainerError('bad-config', sentences.join('; '));
}

function describe(
  schema: ConfigSchema,
  issue: z.core.$ZodIssue,
  path: readonly string[],
  shown: readonly string[],
  input: unknown,
  where: string,
): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(shapeAt(schema, path));
    const list = `known options: ${known.join(', ')}`;
    const near = issue.keys.map((word) => suggest(word, known));
    const said = issue.keys.map((word, n) => {
      const hint = near[n] === undefined ? '' : `; did you mean '${near[n]}'?`;
      return `unknown option '${[...shown, word].join('.')}'${where}${hint}`;
    });
    return [...said, ...(near.includes(undefined) ? [list] : [])].join('; ');
  }
  const name = shown.join('.');
  const value = path.reduce<unknown>(
    (object, key) => (object as Record<string, unknown> | undefined)?.[key],
    input,
  );
  if (value === undefined) return `the option '${name}' is missing${where}`;
  const reason = inPlainWords(issue.message);
  return `option '${name}'${where} is ${JSON.stringify(value)}: ${reason}`;
}

/** What a validation says, for people. */
function inPlainWords(message: string): string {
  const text = message.replace(/^(Invalid (input|option)|Too (big|small)): /, '');
  return text
    .replace(/^expected (int|number), received (\w+)$/, (_, kind: string) =>
      kind === 'int' ? 'a whole number is needed' : 'a number is needed',
    )
    .replace(/^expected array to have >=\s*(\d+) items$/, '$1 values or more are needed')
    .replace(/^expected array to have <=\s*(\d+) items$/, '$1 values or fewer are needed')
    .replace(/^expected (string|boolean|array|tuple), received \w+$/, 'this needs a $1')
    .replace(/^expected number to be >=\s*(\S+)$/, 'it must be at least $1')
    .replace(/^expected number to be <=\s*(\S+)$/, 'it must be at most $1')
    .replace(/^expected number to be >\s*(\S+)$/, 'it must be more than $1')
    .replace(/^expected number to be <\s*(\S+)$/, 'it must be less than $1');
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
