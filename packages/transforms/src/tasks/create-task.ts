import type { ProxyTask } from '../api.js';
import { TransformsError } from '../errors.js';
import { type DenoisingOpts, denoising } from './denoising.js';
import { type GenesisOpts, genesis } from './genesis.js';
import { type IdentityOpts, identity } from './identity.js';
import { type JigsawOpts, jigsaw } from './jigsaw.js';
import { type MaskedAutoencodingOpts, maskedAutoencoding } from './masked-autoencoding.js';
import { type PatchShufflingOpts, patchShuffling } from './patch-shuffling.js';
import { type RotationOpts, rotation } from './rotation.js';
import { type RubiksCubeOpts, rubiksCube } from './rubiks-cube.js';
import { type SingleInPaintingOpts, singleInPainting } from './single-in-painting.js';

/** The options of each task by its name; all plain data. */
export interface TaskOpts {
  genesis: Partial<GenesisOpts>;
  identity: IdentityOpts;
  denoising: DenoisingOpts;
  'in-painting': SingleInPaintingOpts;
  jigsaw: JigsawOpts;
  'patch-shuffling': PatchShufflingOpts;
  'rubiks-cube': RubiksCubeOpts;
  rotation: RotationOpts;
  'masked-autoencoding': MaskedAutoencodingOpts;
}

/** The names that `createTask` knows. */
export type TaskName = keyof TaskOpts;

const factories: { [N in TaskName]: (opts?: TaskOpts[N]) => ProxyTask } = {
  genesis,
  identity,
  denoising,
  'in-painting': singleInPainting,
  jigsaw,
  'patch-shuffling': patchShuffling,
  'rubiks-cube': rubiksCube,
  rotation,
  'masked-autoencoding': maskedAutoencoding,
};

/** All names that `createTask` knows. */
export const taskNames = Object.freeze(Object.keys(factories)) as readonly TaskName[];

/**
 * Makes a task from its name and plain options, as a worker or a configuration file does.
 *
 * @throws TransformsError `unknown-task` or `option`
 */
export function createTask<N extends TaskName>(name: N, opts?: TaskOpts[N]): ProxyTask {
  if (!Object.hasOwn(factories, name)) {
    throw new TransformsError(
      'unknown-task',
      `There is no task '${name}'; choose from ${taskNames.join(', ')}.`,
      { task: name },
    );
  }
  return factories[name](opts);
}
