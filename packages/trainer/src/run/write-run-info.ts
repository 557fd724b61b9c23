import os from 'node:os';
import { atomicWrite } from '@genesis/core/node';
import type { Engine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { version } from '../version.js';
import type { RunPaths } from './layout.js';
import type { RunInfo } from './run-info.js';

/** Writes run.json; what a run was started with stays when it is resumed. */
export async function writeRunInfo(
  paths: RunPaths,
  info: Omit<RunInfo, 'cwd' | 'versions' | 'startedAt' | 'resumedAt' | 'engine'> & {
    readonly engine: Engine;
  },
  previous?: RunInfo,
): Promise<void> {
  const now = new Date().toISOString();
  const full: RunInfo = {
    ...info,
    transfer: previous ? previous.transfer : info.transfer,
    engine: { name: info.engine.name, details: info.engine.details },
    cwd: process.cwd(),
    versions: versions(),
    startedAt: previous?.startedAt ?? now,
    resumedAt: previous ? [...(previous.resumedAt ?? []), now] : undefined,
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
