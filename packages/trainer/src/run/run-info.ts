import os from 'node:os';
import { atomicWrite } from '@genesis/core/node';
import type { ModelCard } from '@genesis/inference';
import type { Engine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { version } from '../version.js';
import type { RunPaths } from './layout.js';

/** What a run is, beside its options: run.json. */
export interface RunInfo {
  readonly model: ModelCard;
  readonly parameters: number;
  readonly engine: Pick<Engine, 'name' | 'details'>;
  readonly split: SplitNames;
  readonly transfer?: TransferReport;
  readonly versions: Readonly<Record<string, string>>;
  /** When this part of the run began, ISO 8601. */
  readonly startedAt: string;
}

/** Names of the volumes on each side of the split. */
export interface SplitNames {
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

/** What came over from pre-training, for the log and the run. */
export interface TransferReport {
  readonly source: string;
  readonly matched: readonly string[];
  /** Weights of the network that start at random, and why. */
  readonly random: readonly TensorNote[];
  /** Running means and variances that the file lacks; they start at 0 and 1 and are learnt from the data. */
  readonly statistics: readonly string[];
  /** Tensors of the file that have no place in the network, and why. */
  readonly unused: readonly TensorNote[];
}

/** A tensor by name, and what is to be said about it. */
export interface TensorNote {
  readonly name: string;
  readonly reason: string;
}

/** Writes run.json. */
export async function writeRunInfo(
  paths: RunPaths,
  info: Omit<RunInfo, 'versions' | 'startedAt' | 'engine'> & { readonly engine: Engine },
): Promise<void> {
  const full: RunInfo = {
    ...info,
    engine: { name: info.engine.name, details: info.engine.details },
    versions: versions(),
    startedAt: new Date().toISOString(),
  };
  await atomicWrite(paths.info, `${JSON.stringify(full, null, 2)}\n`);
}

/** Versions of what has a part in the numbers. */
export function versions(): { genesis: string; node: string; tfjs: string; system: string } {
  return {
    genesis: version,
    node: process.version,
    tfjs: tf.version_core,
    system: `${os.platform()} ${os.arch()}`,
  };
}
