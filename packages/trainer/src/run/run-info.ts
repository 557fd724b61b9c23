import os from 'node:os';
import { atomicWrite } from '@genesis/core/node';
import type { ModelCard } from '@genesis/inference';
import type { Engine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { TransferReport } from '../model/init-weights.js';
import { version } from '../version.js';
import type { RunPaths } from './layout.js';

/** What a run is, beside its options: run.json. */
export interface RunInfo {
  readonly model: ModelCard;
  readonly parameters: number;
  readonly engine: Pick<Engine, 'name' | 'details'>;
  /** Names of the volumes on each side of the split. */
  readonly split: { readonly train: readonly string[]; readonly validation: readonly string[] };
  readonly transfer?: TransferReport;
  readonly versions: Readonly<Record<string, string>>;
  /** When this part of the run began, ISO 8601. */
  readonly startedAt: string;
}

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
