import { createRng, permutation } from '@genesis/core';
import { readVolume } from '@genesis/volume-io';
import { labelValues } from '../data/label-values.js';
import { findDataset } from '../data/layouts/find-dataset.js';
import { STREAM } from '../data/streams.js';
import { TrainerError } from '../errors.js';
import type { ComparedTask } from './api.js';

/** A labelled case by its places. */
export interface ComparedCase {
  readonly name: string;
  /** Cases of one patient stay on one side. */
  readonly group: string;
  /** In the order of the channels. */
  readonly images: readonly string[];
  readonly label: string;
}

/** The cases of a task, and its classes. */
export interface ComparedCases {
  /** To draw training and validation cases from. */
  readonly pool: readonly ComparedCase[];
  readonly test: readonly ComparedCase[];
  /** Label values by class names: all of them, so that every run has them however few cases it learns from. */
  readonly classes: Readonly<Record<string, number>>;
}

/**
 * Finds the labelled cases of a task, and puts those of the test aside. A share of them is drawn by a number that never
 * changes, so that all experiments on the data test on the same cases.
 *
 * @throws TrainerError 'bad-data', 'no-data'.
 */
export async function findCases(name: string, task: ComparedTask): Promise<ComparedCases> {
  const { test } = task;
  const all = await labelledCases(task);
  const classes = all.classes ?? (await occurringClasses(all.cases));
  if (typeof test === 'number') {
    const groups = [...new Set(all.cases.map(({ group }) => group))];
    const order = permutation(groups.length, createRng(0, STREAM.split));
    const held = new Set(
      order.slice(0, Math.max(1, Math.round(test * groups.length))).map((n) => groups[n]),
    );
    return {
      classes,
      pool: all.cases.filter(({ group }) => !held.has(group)),
      test: all.cases.filter(({ group }) => held.has(group)),
    };
  }
  if ('images' in test) {
    const held = (await labelledCases(test)).cases;
    const shared = held.find((one) => all.cases.some((other) => other.images[0] === one.images[0]));
    if (shared) {
      throw new TrainerError(
        'bad-data',
        `${shared.images[0]} is among the cases of the task '${name}' and of its test`,
        { file: shared.images[0] },
      );
    }
    return { classes, pool: all.cases, test: held };
  }
  const wanted = new Set(test);
  const held = all.cases.filter((one) => wanted.has(one.name));
  const missing = test.filter((one) => !held.some((found) => found.name === one));
  if (missing.length > 0) {
    throw new TrainerError(
      'bad-data',
      `the test of the task '${name}' names ${missing.slice(0, 3).join(', ')}, but ${task.images} has no such case`,
      { file: task.images },
    );
  }
  const groups = new Set(held.map(({ group }) => group));
  return { classes, pool: all.cases.filter(({ group }) => !groups.has(group)), test: held };
}

async function labelledCases({
  images,
  labels,
  layout,
}: Pick<ComparedTask, 'images' | 'labels' | 'layout'>): Promise<{
  readonly cases: ComparedCase[];
  readonly classes?: Readonly<Record<string, number>>;
}> {
  const { cases, classes } = await findDataset({ images, labels, layout });
  return {
    cases: cases.flatMap(({ image, label }) => {
      if (!label) return [];
      if (label.masks) {
        throw new TrainerError(
          'bad-data',
          `${label.path}: the case ${image.name} has a mask for each class, but a label map is needed`,
          { file: label.path },
        );
      }
      const paths = image.channels?.map((one) => one?.path) ?? [image.path];
      const present = paths.filter((path) => path !== undefined);
      if (present.length < paths.length) return [];
      return [{ name: image.name, group: image.group, images: present, label: label.path }];
    }),
    ...(classes && {
      classes: Object.fromEntries(classes.map(({ name, values }) => [name, values[0]])),
    }),
  };
}

/** The values that occur in the label maps, called by their numbers. */
async function occurringClasses(
  cases: readonly ComparedCase[],
): Promise<Readonly<Record<string, number>>> {
  const values = new Set<number>();
  for (const { label } of cases) {
    const volume = await readVolume(label, { dtype: 'native' });
    for (const value of labelValues(volume, label)) values.add(value);
  }
  return Object.fromEntries(
    [...values].sort((a, b) => a - b).map((value) => [`label ${value}`, value]),
  );
}

export interface DrawOpts {
  readonly labels: number;
  readonly validationCases: number;
  readonly seed: number;
}

/**
 * Draws the cases of a seed: those of the validation first, then those to train on, so that fewer labels are always a part
 * of more, with the same validation. Cases of one patient stay on one side.
 *
 * @throws TrainerError 'no-data' when there are not enough.
 */
export function drawCases(
  pool: readonly ComparedCase[],
  { labels, validationCases, seed }: DrawOpts,
): { readonly train: readonly ComparedCase[]; readonly validation: readonly ComparedCase[] } {
  const groups = [...new Set(pool.map(({ group }) => group))];
  const order = permutation(groups.length, createRng(seed, STREAM.split));
  const validation: ComparedCase[] = [];
  const train: ComparedCase[] = [];
  for (const n of order) {
    const cases = pool.filter(({ group }) => group === groups[n]);
    if (validation.length < validationCases) {
      validation.push(...cases.slice(0, validationCases - validation.length));
    } else if (train.length < labels) {
      train.push(...cases.slice(0, labels - train.length));
    }
  }
  if (train.length < labels) {
    throw new TrainerError(
      'no-data',
      `${labels} cases to train on and ${validationCases} for validation are needed, but there are ${pool.length} beside those of the test`,
    );
  }
  return { train, validation };
}
