import { readdir } from 'node:fs/promises';
import {
  type ModelCard,
  meanOfNetworks,
  mirroredNetwork,
  type Network,
  networkOf,
} from '@genesis/inference';
import { findModelFile } from '@genesis/inference/node';
import { TrainerError } from '../errors.js';
import { foldFolder } from '../run/folds-file.js';
import type { LoadedModel, Task } from '../tasks/common/task.js';
import { type AskedPreparation, loadTrained } from './load-model.js';
import { type Axis, axisNames, mirroredInTraining } from './mirrored-in-training.js';

/** Which trained networks are applied, and how. */
export interface EnsembleOpts {
  /**
   * Folder of a fine-tuned run, a weight file out of one, or a published model: `zoo:NAME`, `npm:…`, `hf:…`, an address. Of several the
   * mean is taken.
   */
  readonly model: string | readonly string[];
  /** The model is a folder of folds: take all that have a network, or those of these numbers. */
  readonly folds?: 'all' | readonly number[];
  /**
   * Apply the networks to mirror images too and take the mean: along the axes that training mirrored, or along some of them. Takes twice
   * as long for each axis. Default: none.
   */
  readonly mirror?: 'trained' | readonly Axis[];
}

/** Networks of one card as one. */
export interface Ensemble extends LoadedModel {
  readonly task: Task;
  /** The weight files of all. */
  readonly files: readonly string[];
  /** What is applied to prepared crops: the mean over the networks, and over the mirror images of each. */
  readonly network: Network;
  dispose(): void;
}

/**
 * Loads the networks that are to be applied together. They see the same windows, one after the other, so that memory grows by their
 * weights and one window's output alone.
 *
 * @throws TrainerError 'run-missing', 'run-broken', or 'bad-argument' for networks that differ in what they take or give, and for axes that
 *   one of them was not trained with.
 */
export async function loadEnsemble(opts: EnsembleOpts, asked: AskedPreparation): Promise<Ensemble> {
  const paths = await pathsOf(opts);
  const members: (LoadedModel & { readonly task: Task })[] = [];
  const dispose = (): void => {
    for (const { model } of members) model.dispose();
  };
  try {
    for (const path of paths) {
      const member = await loadTrained(path, asked);
      members.push(member);
      checkAlike(members[0], member);
    }
    const axes = await Promise.all(members.map(({ file }) => mirrorAxes(file, opts.mirror)));
    const networks = members.map(({ model, info }, n) =>
      mirroredNetwork(
        networkOf(model, info.crop),
        info.crop,
        ([0, 1, 2] as const).filter((axis) => axes[n].includes(axisNames[axis])),
      ),
    );
    const files = members.map(({ file }) => file);
    return { ...members[0], files, network: meanOfNetworks(networks), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The runs that are meant. */
async function pathsOf({ model, folds }: EnsembleOpts): Promise<string[]> {
  const given = typeof model === 'string' ? [model] : [...model];
  if (given.length === 0) throw new TrainerError('bad-argument', 'no model is given');
  if (folds === undefined) return given;
  const found = await Promise.all(given.map((folder) => foldsOf(folder, folds)));
  return found.flat();
}

async function foldsOf(folder: string, folds: 'all' | readonly number[]): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const numbers = names
    .flatMap((name) => /^fold(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  if (numbers.length === 0) {
    throw new TrainerError('run-missing', `${folder} holds no folds (fold0, fold1, …)`, {
      file: folder,
    });
  }
  if (folds !== 'all') return folds.map((fold) => foldFolder(folder, fold));
  const paths = numbers.map((fold) => foldFolder(folder, fold));
  for (const path of paths) {
    if (await findModelFile(path).catch(() => undefined)) continue;
    throw new TrainerError(
      'run-missing',
      `${path} has no trained network yet: name the folds to take, such as --folds ${numbers.slice(0, 2).join()}`,
      { file: path },
    );
  }
  return paths;
}

async function mirrorAxes(file: string, mirror: EnsembleOpts['mirror']): Promise<readonly Axis[]> {
  if (mirror === undefined) return [];
  const trained = await mirroredInTraining(file);
  if (trained === undefined) {
    if (mirror !== 'trained') return mirror;
    throw new TrainerError(
      'bad-argument',
      `${file} is a weight file without its run, so it is not known whether training mirrored: name the axes`,
      { file },
    );
  }
  if (mirror === 'trained') return trained;
  const strange = mirror.find((axis) => !trained.includes(axis));
  if (strange === undefined) return mirror;
  throw new TrainerError(
    'bad-argument',
    `${file} was trained ${trained.length === 0 ? 'without mirror images' : `with mirror images along ${trained.join(', ')} alone`}, so those along ${strange} would be taken for something else, such as the other side`,
    { file },
  );
}

/** Networks whose outputs are averaged must mean the same by them. */
function checkAlike(first: LoadedModel<ModelCard>, { info, file }: LoadedModel<ModelCard>): void {
  const fields = ({
    kind,
    crop,
    preparation,
    ...card
  }: ModelCard): readonly [string, unknown][] => [
    ['kind', kind],
    ['crop', crop],
    ['preparation', preparation],
    ['classes', 'classes' in card ? card.classes : undefined],
  ];
  const others = new Map(fields(info));
  for (const [name, value] of fields(first.info)) {
    const [a, b] = [value, others.get(name)].map((one) => JSON.stringify(one));
    if (a === b) continue;
    throw new TrainerError(
      'bad-argument',
      `${file} cannot be averaged with ${first.file}: their ${name} differ (${b} and ${a})`,
      { file },
    );
  }
}
