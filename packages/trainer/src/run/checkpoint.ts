import { readFile } from 'node:fs/promises';
import { atomicWrite, systemReason } from '@genesis/core/node';
import {
  isWeight,
  MODEL_FORMAT,
  OBSERVER_PREFIX,
  OPTIMIZER_PREFIX,
  trainable,
} from '@genesis/inference';
import type { NamedNdArrays } from '@genesis/unet3d';
import { decodeSafetensors, encodeSafetensors } from '@genesis/zoo';
import { TrainerError } from '../errors.js';

/** Where tensors that are no weights stand beside them. */
const SECTIONS = { optimizer: OPTIMIZER_PREFIX, observers: OBSERVER_PREFIX } as const;

/**
 * One file with everything that a point of a run consists of: because the state stands in the same file as the
 * tensors, a crash can never leave weights of one step beside the state of another.
 */
export interface Checkpoint<S> {
  readonly weights: NamedNdArrays;
  /** Left out in checkpoints that only serve for inference and transfer. */
  readonly optimizer?: NamedNdArrays;
  /** What observers remember, `NAME/KEY`. */
  readonly observers?: NamedNdArrays;
  /** Plain data; numbers survive exactly. */
  readonly state: S;
  /** What made the weights: the network's options, kind of run, normalisation. */
  readonly model: unknown;
}

/**
 * Writes a checkpoint as safetensors, atomically. The tensors are only read.
 *
 * @throws TrainerError 'write-failed'; the file that was there before is then untouched.
 */
export async function saveCheckpoint<S>(path: string, checkpoint: Checkpoint<S>): Promise<void> {
  const tensors: NamedNdArrays = new Map(checkpoint.weights);
  for (const section of ['optimizer', 'observers'] as const) {
    for (const [name, tensor] of checkpoint[section] ?? [])
      tensors.set(SECTIONS[section] + name, tensor);
  }
  const bytes = encodeSafetensors(tensors, {
    format: MODEL_FORMAT,
    model: JSON.stringify(checkpoint.model),
    state: JSON.stringify(checkpoint.state),
  });
  await atomicWrite(path, bytes);
}

/**
 * Reads a checkpoint that `saveCheckpoint` wrote.
 *
 * @throws TrainerError 'run-missing' when there is no such file, 'run-broken' when it is not a checkpoint.
 */
export async function loadCheckpoint<S>(path: string): Promise<Checkpoint<S>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new TrainerError('run-missing', `cannot read ${path}: ${systemReason(cause)}`, {
      file: path,
      cause,
    });
  }
  try {
    const file = decodeSafetensors(bytes);
    if (file.metadata.format !== MODEL_FORMAT) throw new Error('it is not a checkpoint');
    const weights: NamedNdArrays = new Map();
    const sections = {
      optimizer: new Map() as NamedNdArrays,
      observers: new Map() as NamedNdArrays,
    };
    for (const [name, tensor] of trainable(file.tensors)) {
      if (isWeight(name)) weights.set(name, tensor);
      for (const section of ['optimizer', 'observers'] as const) {
        const prefix = SECTIONS[section];
        if (name.startsWith(prefix)) sections[section].set(name.slice(prefix.length), tensor);
      }
    }
    return {
      weights,
      ...sections,
      state: JSON.parse(file.metadata.state) as S,
      model: JSON.parse(file.metadata.model) as unknown,
    };
  } catch (cause) {
    throw new TrainerError('run-broken', `${path} cannot be used: ${(cause as Error).message}`, {
      file: path,
      cause,
    });
  }
}
