import { basename, dirname, extname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { count, positive, rate, text } from '../config/fields.js';
import { readConfigFile } from '../config/read-config-file.js';
import { resolveConfig } from '../config/resolve-config.js';
import { layoutNames } from '../data/layouts/api.js';
import { TrainerError } from '../errors.js';
import type { Arm, Experiment, PrimaryContrast } from './api.js';
import { paperArms } from './paper-arms.js';

const options = z.record(text, z.unknown()).default({});
const data = {
  images: text,
  labels: text.optional(),
  layout: z.enum(['auto', ...layoutNames]).optional(),
};
const seedList = z.union([
  z.array(z.int().min(0)).min(1),
  z.strictObject({ from: z.int().min(0).default(1), count }),
]);

const pretrainingImages = z.union([text, z.array(text).min(1)]);

/** The file of an experiment. */
const schema = z.strictObject({
  name: text.optional(),
  tasks: z.record(
    text,
    z.strictObject({
      ...data,
      test: z.union([z.strictObject(data), z.array(text).min(1), rate]).default(0.25),
      options,
      license: text.optional(),
    }),
  ),
  labels: z.array(count).min(1),
  validationCases: count.default(1),
  seeds: seedList,
  preset: z.enum(['paper']).optional(),
  arms: z
    .record(
      text,
      z.strictObject({ init: text.optional(), pretraining: text.optional(), options }).nullable(),
    )
    .default({}),
  pretraining: z.record(text, z.record(text, z.unknown())).default({}),
  pretrainingOptions: options,
  options,
  primary: z.strictObject({
    arm: text,
    against: text,
    task: text.optional(),
    labels: count.optional(),
  }),
  smallestEffect: positive.default(0.01),
});

/**
 * Reads the file of an experiment, JSON or YAML. Paths in it are relative to it.
 *
 * @throws TrainerError 'bad-config' that names every wrong key.
 */
export async function readExperiment(path: string): Promise<Experiment> {
  const file = await readConfigFile(path);
  const given = resolveConfig(schema, {}, file, path);
  const preset = given.preset === 'paper' ? paperArms : { arms: {}, pretraining: {} };
  const at = (place: string): string => (isAbsolute(place) ? place : resolve(dirname(path), place));
  const placed = <T extends { images: string; labels?: string }>(one: T): T => ({
    ...one,
    images: at(one.images),
    ...(one.labels !== undefined && { labels: at(one.labels) }),
  });
  const declared: Readonly<Record<string, Partial<Arm> | null>> = { ...preset.arms, ...given.arms };
  const arms = Object.entries(declared).map(([name, arm]): [string, Arm] => [
    name,
    {
      pretraining: arm?.pretraining,
      init: arm?.init && initAt(arm.init, at),
      options: arm?.options ?? {},
    },
  ]);
  const pretraining = Object.entries({ ...preset.pretraining, ...given.pretraining }).map(
    ([name, own]) => {
      const options = { ...given.pretrainingOptions, ...own };
      if (pretrainingImages.safeParse(options.images).success)
        return [name, withPlaces(options, at)];
      throw new TrainerError(
        'bad-config',
        `${path}: the pre-training '${name}' needs 'images': a folder of unlabelled volumes, or a list of such`,
        { file: path },
      );
    },
  );
  const experiment: Experiment = {
    name: given.name ?? basename(path, extname(path)),
    tasks: Object.fromEntries(
      Object.entries(given.tasks).map(([name, task]) => {
        const { test } = task;
        const isData = typeof test === 'object' && !Array.isArray(test);
        return [name, { ...placed(task), test: isData ? placed(test) : test }];
      }),
    ),
    labels: [...new Set(given.labels)].sort((a, b) => a - b),
    validationCases: given.validationCases,
    seeds: Array.isArray(given.seeds)
      ? given.seeds
      : Array.from(
          { length: given.seeds.count },
          (_, n) => n + (given.seeds as { from: number }).from,
        ),
    arms: Object.fromEntries(arms),
    pretraining: Object.fromEntries(pretraining),
    options: given.options,
    primary: primaryOf(given),
    smallestEffect: given.smallestEffect,
  };
  checkNames(experiment, path);
  return experiment;
}

/** A path where it looks like one; a name ('none', 'zoo:…') otherwise. */
function initAt(init: string, at: (path: string) => string): string {
  return /^(none|\w+:.*)$/.test(init) ? init : at(init);
}

function withPlaces(
  given: Readonly<Record<string, unknown>>,
  at: (path: string) => string,
): Record<string, unknown> {
  const { images } = given;
  return { ...given, images: Array.isArray(images) ? images.map(at) : at(images as string) };
}

/** The primary contrast with what follows where there is one task and one number of labels. */
function primaryOf(given: z.output<typeof schema>): PrimaryContrast {
  const [task] = Object.keys(given.tasks);
  const { arm, against } = given.primary;
  return {
    arm,
    against,
    task: given.primary.task ?? task,
    labels: given.primary.labels ?? Math.min(...given.labels),
  };
}

function checkNames(experiment: Experiment, file: string): void {
  const refuse = (message: string): never => {
    throw new TrainerError('bad-config', `${file}: ${message}`, { file });
  };
  const names = { ...experiment.arms, ...experiment.tasks, ...experiment.pretraining };
  for (const name of Object.keys(names)) {
    if (!/^[\w.-]+$/.test(name)) {
      refuse(`'${name}' names a folder: letters, digits, '.', '_' and '-' only`);
    }
  }
  for (const [name, { init, pretraining }] of Object.entries(experiment.arms)) {
    if (init !== undefined && pretraining !== undefined) {
      refuse(`the arm '${name}' has both 'init' and 'pretraining'`);
    }
    if (pretraining !== undefined && !(pretraining in experiment.pretraining)) {
      refuse(`the arm '${name}' needs the pre-training '${pretraining}', which is not there`);
    }
  }
  const { arm, against, task, labels } = experiment.primary;
  for (const one of [arm, against]) {
    if (!(one in experiment.arms))
      refuse(`the primary contrast names the arm '${one}', which is not there`);
  }
  if (arm === against) refuse(`the primary contrast compares '${arm}' with itself`);
  if (!(task in experiment.tasks))
    refuse(`the primary contrast names the task '${task}', which is not there`);
  if (!experiment.labels.includes(labels)) {
    refuse(`the primary contrast is about ${labels} labels, which are not compared`);
  }
  if (new Set(experiment.seeds).size !== experiment.seeds.length) refuse('a seed stands twice');
}
