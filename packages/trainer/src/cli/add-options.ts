import { type Command, Option } from 'commander';
import { parse as parseYaml } from 'yaml';
import { OLDER_NAMES, unwrap } from '../config/resolve-config.js';
import type { TaskEntry } from '../tasks/common/task.js';

interface Definition {
  readonly type: string;
  readonly defaultValue?: unknown;
  readonly innerType?: { readonly def: Definition };
  readonly entries?: Record<string, string>;
  readonly items?: readonly unknown[];
  readonly element?: { readonly def: Definition };
}

/** 'cropsPerVolume' → 'crops-per-volume' */
function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Short names of options. */
const SHORT_NAMES: Readonly<Record<string, string>> = { learningRate: 'lr' };

/** Other names of a key's flag that work but are not shown. */
function otherNames(key: string): string[] {
  const older = Object.keys(OLDER_NAMES).filter((name) => OLDER_NAMES[name] === key);
  return key in SHORT_NAMES ? [SHORT_NAMES[key], ...older] : older;
}

/** The names that an option takes, where it takes no others; the shell completes them. */
export const choicesOf = (option: Option): readonly string[] =>
  CHOICES.get(option) ?? option.argChoices ?? [];

const CHOICES = new WeakMap<Option, readonly string[]>();

/**
 * Gives a command one flag for every key of its tasks' options, so that flags and configuration file cannot drift apart.
 * Options of an option are given as in a YAML file, in one line.
 */
export function addOptions(command: Command, tasks: readonly TaskEntry[]): void {
  const fields = new Map(tasks.flatMap(({ options }) => Object.entries(options.shape)).reverse());
  const keys = new Set(tasks.flatMap(({ options }) => Object.keys(options.shape)));
  for (const key of keys) {
    if (key === 'task') {
      const kinds = tasks.map(({ kind }) => kind);
      const text = `what is learnt: ${kinds.join(' or ')} (required)`;
      const option = new Option('--task <name>', text).helpGroup(groupOf(key));
      CHOICES.set(option, kinds);
      command.addOption(option);
      continue;
    }
    const outer = fields.get(key) as unknown as { def: Definition; description?: string };
    const inner = unwrap(outer) as { def: Definition; description?: string };
    const { type } = inner.def;
    const isOn = type === 'boolean' && outer.def.defaultValue === true;
    const value = type === 'boolean' ? '' : ` <${placeholder(key, inner.def)}>`;
    const entries = type === 'enum' ? Object.values(inner.def.entries ?? {}) : undefined;
    const add = (name: string, description?: string): Option => {
      const option = new Option(`--${name}${value}`, description);
      if (type !== 'boolean') option.argParser((text: string) => parseFlag(inner.def, text));
      if (entries) CHOICES.set(option, entries);
      command.addOption(option.helpGroup(groupOf(key)));
      return option;
    };
    const description = outer.description ?? inner.description;
    const choices = entries?.join(', ');
    const preset = defaultText(outer.def);
    const isRequired = outer.def.type !== 'optional' && outer.def.type !== 'default';
    const text = [
      description,
      choices && `(one of: ${choices})`,
      preset !== undefined && `(default: ${preset})`,
      isRequired && '(required)',
    ]
      .filter((part) => part)
      .join(' ');
    if (isOn) {
      // The plain flag comes first: with the negated one alone, commander would take it as given.
      add(kebabCase(key)).hideHelp();
      add(`no-${kebabCase(key)}`, `do not ${text}`);
    } else {
      add(kebabCase(key), text);
    }
    for (const name of otherNames(key)) add(name).hideHelp();
  }
}

/** What was given on the command line, by the keys of the tasks' options; short names resolved. */
export function givenOptions(
  command: Command,
  tasks: readonly TaskEntry[],
): Record<string, unknown> {
  const values = command.opts<Record<string, unknown>>();
  const given: Record<string, unknown> = {};
  for (const key of new Set(tasks.flatMap(({ options }) => Object.keys(options.shape)))) {
    for (const name of [key, ...otherNames(key)]) {
      // An older name stays, so that giving an option by both is noticed.
      const target = name === SHORT_NAMES[key] ? key : name;
      if (values[name] !== undefined) given[target] ??= values[name];
    }
  }
  return given;
}

/** What texts stand for. */
const TEXTS: Readonly<Record<string, string>> = {
  images: 'path',
  labels: 'path',
  out: 'dir',
  init: 'start',
  orientation: 'code',
};

/** Where the help shows an option; those that are not named are about training. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Recipe:': ['recipe'],
  'Data:': [
    'task',
    'images',
    'labels',
    'layout',
    'channels',
    'validationImages',
    'validationLabels',
    'split',
    'folds',
    'fold',
    'patientPattern',
    'patients',
    'out',
    'resume',
    'moved',
    'strict',
    'nonFinite',
  ],
  'Preparation of volumes:': [
    'orientation',
    'spacing',
    'normalization',
    'allowMissingChannels',
    'resampleChannels',
    'fit',
    'ignoreLabel',
  ],
  'Crops and samples:': [
    'crop',
    'cropsPerVolume',
    'validationCrops',
    'cropRule',
    'foreground',
    'augment',
    'flipAxes',
    'intensityRate',
    'proxyTask',
    'proxyOptions',
    'maskedLoss',
    'places',
    'regions',
    'regionsWeight',
  ],
  'Network:': [
    'architecture',
    'width',
    'levels',
    'activation',
    'norm',
    'upsampling',
    'skips',
    'deepSupervision',
  ],
  'Transfer:': [
    'init',
    'initParts',
    'rescale',
    'freezeEncoder',
    'decoderFirst',
    'encoderRate',
    'stageRate',
    'unfreezeEvery',
  ],
  'Length and choice of the best:': [
    'epochs',
    'stepsPerEpoch',
    'maxMinutes',
    'patience',
    'bestBy',
    'bestAverage',
    'averageWeights',
  ],
  'Machine:': ['engine', 'threads', 'workers', 'cacheMb'],
  'Outputs:': ['tensorboard'],
  'Several processes (mpirun):': ['syncNorm', 'reduceAs', 'bucketMb'],
};

function groupOf(key: string): string {
  const found = Object.entries(GROUPS).find(([, keys]) => keys.includes(key));
  return found?.[0] ?? 'Training:';
}

function placeholder(key: string, definition: Definition): string {
  switch (definition.type) {
    case 'number':
      return 'n';
    case 'tuple':
      return 'x,y,z';
    case 'array':
      return 'list';
    case 'enum':
      return 'name';
    case 'custom':
      return 'yaml';
    default:
      return TEXTS[key] ?? 'text';
  }
}

/** Text → the value that the schema will check; what is no number stays text, so that the message can show it. */
function parseFlag(definition: Definition, text: string): unknown {
  const number = (part: string): unknown =>
    part.trim() === '' || Number.isNaN(Number(part)) ? part : Number(part);
  switch (definition.type) {
    case 'number':
      return number(text);
    case 'union':
      return number(text);
    case 'tuple':
      return text.split(/[,x×]/).map(number);
    case 'array':
      return text === '' || text === 'none'
        ? []
        : text
            .split(',')
            .map((part) =>
              definition.element?.def.type === 'number' ? number(part) : part.trim(),
            );
    case 'custom':
      return parseInline(text);
    default:
      return text;
  }
}

/** 'ratio: 0.6, patch: [8, 8, 8]', with or without braces; a list in brackets; what is no YAML, such as a name, stays text. */
function parseInline(text: string): unknown {
  const isWhole = /^\s*[[{]/.test(text);
  if (!isWhole && !text.includes(':')) return text;
  try {
    return parseYaml(isWhole ? text : `{${text}}`);
  } catch {
    return text;
  }
}

function defaultText(definition: Definition): string | undefined {
  const value = definition.defaultValue;
  if (value === undefined || typeof value === 'boolean') return undefined;
  if (typeof value === 'object') return Array.isArray(value) ? value.join(',') : undefined;
  return String(value);
}
