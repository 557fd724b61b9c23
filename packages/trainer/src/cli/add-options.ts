import { type Command, Option } from 'commander';
import { type ConfigSchema, unwrap } from '../config/resolve-config.js';

interface Definition {
  readonly type: string;
  readonly defaultValue?: unknown;
  readonly innerType?: { readonly def: Definition };
  readonly entries?: Record<string, string>;
  readonly items?: readonly unknown[];
}

/** 'cropsPerVolume' → 'crops-per-volume' */
function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Gives a command one flag for every key of `schema`, so that flags and configuration file cannot drift apart. Keys that
 * hold options of their own are for the file only.
 */
export function addOptions(command: Command, schema: ConfigSchema, aliases: Aliases = {}): void {
  for (const [key, field] of Object.entries(schema.shape)) {
    const outer = field as unknown as { def: Definition; description?: string };
    const inner = (unwrap(field) as { def: Definition; description?: string }).def;
    if (inner.type === 'object') continue;
    const flag = `--${kebabCase(key)}`;
    const description =
      outer.description ?? (unwrap(field) as { description?: string }).description;
    const preset = defaultText(outer.def);
    const option = new Option(
      inner.type === 'boolean' ? flag : `${flag} <${placeholder(inner)}>`,
      preset === undefined ? description : `${description ?? ''} (default: ${preset})`,
    );
    if (inner.type !== 'boolean') option.argParser((text: string) => parseFlag(inner, text));
    command.addOption(option);
    const alias = aliases[key];
    if (alias !== undefined) {
      command.addOption(
        new Option(`--${alias} <${placeholder(inner)}>`)
          .argParser((text: string) => parseFlag(inner, text))
          .hideHelp(),
      );
    }
  }
}

/** Other names of a key's flag, such as `lr` for `learningRate`. */
export type Aliases = Readonly<Record<string, string>>;

/** What was given on the command line, by the schema's keys; aliases resolved. */
export function givenOptions(
  command: Command,
  schema: ConfigSchema,
  aliases: Aliases = {},
): Record<string, unknown> {
  const values = command.opts<Record<string, unknown>>();
  const given: Record<string, unknown> = {};
  for (const key of Object.keys(schema.shape)) {
    const alias = aliases[key];
    const value = values[key] ?? (alias === undefined ? undefined : values[alias]);
    if (value !== undefined) given[key] = value;
  }
  return given;
}

function placeholder(definition: Definition): string {
  switch (definition.type) {
    case 'number':
      return 'n';
    case 'tuple':
      return 'x,y,z';
    case 'array':
      return 'list';
    case 'enum':
      return Object.values(definition.entries ?? {}).join('|');
    default:
      return 'text';
  }
}

/** Text → the value that the schema will check; what is no number stays text, so that the message can show it. */
function parseFlag(definition: Definition, text: string): unknown {
  const number = (part: string): unknown =>
    part.trim() === '' || Number.isNaN(Number(part)) ? part : Number(part);
  switch (definition.type) {
    case 'number':
      return number(text);
    case 'tuple':
      return text.split(/[,x×]/).map(number);
    case 'array':
      return text === '' || text === 'none' ? [] : text.split(',').map((part) => part.trim());
    default:
      return text;
  }
}

function defaultText(definition: Definition): string | undefined {
  const value = definition.defaultValue;
  if (value === undefined || value === false) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}
