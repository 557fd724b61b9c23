import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, makeFolder } from '@genesis/core/node';
import { TrainerError } from '../errors.js';
import type { Experiment } from './api.js';
import { type ComparedCase, drawCases, findCases } from './draw-cases.js';
import { unseenImages } from './unseen-images.js';

/** Where the datalist of a run is. */
export function trainList(folder: string, task: string, labels: number, seed: number): string {
  return join(folder, `${task}-n${labels}-s${seed}.json`);
}

/** Where the datalist of a task's test is. */
export function testList(folder: string, task: string): string {
  return join(folder, `${task}-test.json`);
}

/** Where the datalist of a pre-training is. */
export function pretrainingList(folder: string, name: string): string {
  return join(folder, `pretraining-${name}.json`);
}

/**
 * Decides which cases each seed and each pre-training learns from, and writes them as datalists. Lists that are there already must say the same:
 * a test case that moved would be trained on.
 *
 * @throws TrainerError 'data-changed'.
 */
export async function writeDatalists(experiment: Experiment, folder: string): Promise<void> {
  await makeFolder(folder);
  const tested: ComparedCase[] = [];
  for (const [name, task] of Object.entries(experiment.tasks)) {
    const { pool, test, classes } = await findCases(name, task);
    tested.push(...test);
    await writeOnce(testList(folder, name), { labels: classes, testing: test.map(entry) });
    for (const seed of experiment.seeds) {
      for (const count of experiment.labels) {
        const { validationCases } = experiment;
        const drawn = drawCases(pool, { labels: count, validationCases, seed });
        await writeOnce(trainList(folder, name, count, seed), {
          labels: classes,
          training: drawn.train.map(entry),
          validation: drawn.validation.map(entry),
        });
      }
    }
  }
  for (const [name, options] of Object.entries(experiment.pretraining)) {
    const images = await unseenImages(options.images as string | readonly string[], tested);
    await writeOnce(pretrainingList(folder, name), {
      training: images.map((paths) => ({ image: oneOrAll(paths) })),
    });
  }
}

function entry({ images, label, group }: ComparedCase): Record<string, unknown> {
  return { image: oneOrAll(images), label, patient: group };
}

const oneOrAll = (paths: readonly string[]): string | readonly string[] =>
  paths.length === 1 ? paths[0] : paths;

async function writeOnce(path: string, list: Readonly<Record<string, unknown>>): Promise<void> {
  const text = `${JSON.stringify(list, null, 1)}\n`;
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return;
  if (before !== undefined) {
    throw new TrainerError(
      'data-changed',
      `${path} was written for other cases than there are now; put the data back, or compare in another folder`,
      { file: path },
    );
  }
  await atomicWrite(path, text);
}
