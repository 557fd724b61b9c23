import { readFile, stat } from 'node:fs/promises';
import { type LoadReport, LoadWeightsError, type NamedNdArrays, setWeights } from '@genesis/unet3d';
import { loadZooEntry, readWeights, type WeightFile } from '@genesis/zoo';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { systemReason, TrainerError } from '../errors.js';
import { loadRun } from '../run/loadRun.js';
import type { ModelInfo, NetworkConfig } from './api.js';
import { trainable } from './trainable.js';

/** Weights to start from. */
export interface InitialWeights {
  /** The file or zoo entry, for messages. */
  readonly source: string;
  readonly tensors: NamedNdArrays;
  /** The network that they were trained in, when the file says it. */
  readonly network?: NetworkConfig;
}

/**
 * Finds the weights that `init` names: a run, a `.safetensors`, `.pt` or `.h5` file, or `zoo:NAME`. Names of the official
 * PyTorch and Keras weights are translated.
 *
 * @returns undefined for 'none'.
 * @throws TrainerError, or WeightFormatError, when there are none.
 */
export async function findInitialWeights(init: string): Promise<InitialWeights | undefined> {
  if (init === 'none') return undefined;
  if (init.startsWith('zoo:')) {
    return { source: init, ...translate(await loadZooEntry(init.slice(4))) };
  }
  const status = await stat(init).catch(() => undefined);
  if (!status) {
    throw new TrainerError(
      'weights',
      `--init ${init}: there is no such run or file; give a run folder, a weight file, zoo:NAME or none`,
      { file: init },
    );
  }
  if (status.isDirectory()) {
    const run = await loadRun(init);
    return { source: run.file, tensors: run.weights, network: run.info.network };
  }
  let bytes: Uint8Array;
  try {
    bytes = await readFile(init);
  } catch (cause) {
    throw new TrainerError('weights', `cannot read ${init}: ${systemReason(cause)}`, {
      file: init,
      cause,
    });
  }
  const file = await readWeights(bytes);
  return { source: init, ...translate(file) };
}

function translate(file: WeightFile): Omit<InitialWeights, 'source'> {
  const model = file.metadata.model;
  const info = model === undefined ? undefined : (JSON.parse(model) as ModelInfo);
  const tensors: NamedNdArrays = new Map(
    [...trainable(file.tensors)].filter(([name]) => !name.startsWith('optimizer/')),
  );
  return info ? { tensors, network: info.network } : { tensors };
}

/** What came over from pre-training, for the log and the run. */
export interface TransferReport {
  readonly source: string;
  readonly matched: readonly string[];
  /** Layers of the network that start from random weights. */
  readonly fresh: readonly string[];
  /** Weights of the file that have no place in the network. */
  readonly unused: readonly string[];
  readonly mismatched: LoadReport['mismatched'];
}

/**
 * Puts the weights into the network as far as names and shapes fit.
 *
 * @throws TrainerError 'weights' when nothing fits, since that would be training from scratch unnoticed.
 */
export function transferWeights(model: LayersModel, initial: InitialWeights): TransferReport {
  let report: LoadReport;
  try {
    report = setWeights(model, initial.tensors, { partial: true });
  } catch (cause) {
    if (!(cause instanceof LoadWeightsError)) throw cause;
    const [first] = cause.report.mismatched;
    const why = first
      ? `for example ${first.name} is ${first.found.join('×')} there and ${first.expected.join('×')} in the network`
      : `its tensors are called ${[...initial.tensors.keys()].slice(0, 3).join(', ')}, …`;
    throw new TrainerError(
      'weights',
      `no layer of ${initial.source} fits the network (${why}); use the same --width and --levels, or --init none`,
      { file: initial.source, cause },
    );
  }
  return {
    source: initial.source,
    matched: report.matched,
    fresh: report.missing,
    unused: report.unexpected,
    mismatched: report.mismatched,
  };
}

/** The report in a few lines: counts, then every layer that did not come over and why. */
export function describeTransfer(report: TransferReport): string {
  const lines = [
    `weights from ${report.source}: ${report.matched.length} tensors matched, ${report.fresh.length + report.mismatched.length} start at random, ${report.unused.length} unused`,
  ];
  for (const { name, expected, found } of report.mismatched) {
    lines.push(`  random: ${name} (${found.join('×')} in the file, ${expected.join('×')} here)`);
  }
  for (const name of report.fresh) lines.push(`  random: ${name} (not in the file)`);
  for (const name of report.unused) lines.push(`  unused: ${name} (not in this network)`);
  return lines.join('\n');
}
