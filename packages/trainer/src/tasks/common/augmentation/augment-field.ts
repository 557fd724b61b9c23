import {
  augmentationNames,
  createAugmentation,
  type OneOfOpts,
  TransformsError,
} from '@genesis/transforms';
import { z } from 'zod';
import { checkedSchema } from '../../../config/checked-schema.js';
import { rate } from '../../../config/fields.js';
import { suggest } from '../../../config/suggest.js';
import type { AugmentChoice } from './api.js';
import { augmentationFor } from './augmentation-for.js';
import { optsSchemas } from './opts-schemas.js';

const oneOfSchema = checkedSchema<OneOfOpts>()(
  z.strictObject({ rate: rate.optional(), weights: z.array(z.number().min(0)).optional() }),
);

const NAMES: readonly string[] = [...augmentationNames, 'one-of', 'compose'];

/** Tells what is wrong with the value at a path of the option. */
type Complain = (path: readonly PropertyKey[], message: string) => void;

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isName = (name: string): name is keyof typeof optsSchemas => Object.hasOwn(optsSchemas, name);

function hint(word: string, known: readonly string[]): string {
  const near = suggest(word, known);
  return near ? `did you mean '${near}'?` : `choose from ${known.join(', ')}`;
}

/** Checks one augmentation and those in it. */
function checkStep(step: unknown, path: readonly PropertyKey[], complain: Complain): void {
  const isPlain = typeof step === 'string';
  const name = isPlain ? step : isMapping(step) ? step.name : undefined;
  if (typeof name !== 'string') {
    complain(path, 'give a name, or a mapping with name and opts');
    return;
  }
  const hasSteps = name === 'one-of' || name === 'compose';
  if (!hasSteps && !isName(name)) {
    const known = path.length === 0 && isPlain ? ['none', 'basic', ...NAMES] : NAMES;
    complain(
      isPlain ? path : [...path, 'name'],
      `there is no such augmentation; ${hint(name, known)}`,
    );
    return;
  }
  if (isPlain && hasSteps) complain(path, 'give it as a mapping with name and steps');
  if (!isMapping(step)) return;
  const allowed = name === 'compose' ? ['steps'] : hasSteps ? ['steps', 'opts'] : ['opts'];
  const unknown = Object.keys(step).filter((key) => key !== 'name' && !allowed.includes(key));
  for (const key of unknown) {
    const isOption = !hasSteps && key in optsSchemas[name as keyof typeof optsSchemas].shape;
    complain(
      [...path, key],
      isOption
        ? `the options of ${name} stand in its opts: { name: ${name}, opts: { ${key}: … } }`
        : `beside its name, ${name} has ${allowed.join(' and ')}`,
    );
  }
  if (hasSteps) checkSteps(step.steps, [...path, 'steps'], complain);
  if (step.opts === undefined || !allowed.includes('opts')) return;
  const schema = isName(name) ? optsSchemas[name] : oneOfSchema;
  checkOpts(schema, step.opts, name, [...path, 'opts'], complain);
}

function checkOpts(
  schema: z.ZodObject<z.ZodRawShape>,
  opts: unknown,
  name: string,
  path: readonly PropertyKey[],
  complain: Complain,
): void {
  for (const issue of schema.safeParse(opts).error?.issues ?? []) {
    if (issue.code !== 'unrecognized_keys') {
      const what =
        issue.code === 'invalid_union'
          ? 'give a number, or two in order (or three of these, where axes may differ)'
          : issue.message;
      complain([...path, ...issue.path], what);
      continue;
    }
    const inner = issue.path.reduce<unknown>(
      (found, key) =>
        found instanceof z.ZodOptional && found.unwrap() instanceof z.ZodObject
          ? (found.unwrap() as z.ZodObject).shape[String(key)]
          : (found as z.ZodObject).shape[String(key)],
      schema,
    );
    const shape = (inner instanceof z.ZodOptional ? inner.unwrap() : inner) as z.ZodObject;
    for (const key of issue.keys) {
      complain(
        [...path, ...issue.path, key],
        `${name} has no such option; ${hint(key, Object.keys(shape.shape))}`,
      );
    }
  }
}

function checkSteps(steps: unknown, path: readonly PropertyKey[], complain: Complain): void {
  if (!Array.isArray(steps) || steps.length === 0) {
    complain(path, 'a list of augmentations is needed');
    return;
  }
  for (const [n, step] of steps.entries()) checkStep(step, [...path, n], complain);
}

/** The option `augment`: a name, a name with options, or a list of these; whatever is wrong with it is said by name. */
export const augmentField = z
  .custom<AugmentChoice>()
  .superRefine((choice: unknown, context) => {
    if (choice === 'none' || choice === 'basic') return;
    let isSound = true;
    const complain: Complain = (path, message) => {
      isSound = false;
      context.addIssue({ code: 'custom', path: [...path], message });
    };
    if (Array.isArray(choice)) checkSteps(choice, [], complain);
    else checkStep(choice, [], complain);
    if (!isSound) return;
    try {
      const spec = augmentationFor(choice as AugmentChoice, { crop: [1, 1, 1] });
      if (spec !== undefined) createAugmentation(spec);
    } catch (error) {
      if (!(error instanceof TransformsError)) throw error;
      complain([], error.message);
    }
  })
  .default('basic')
  .describe(
    "how training samples are varied: none, basic (mirrored along --flip-axes, contrast at --intensity-rate), light, nnunet, nnunet-no-mirror, torchio-mr, or augmentations with their options: '{ name: nnunet, opts: { mirrorAxes: [0] } }', or a list of them",
  );
