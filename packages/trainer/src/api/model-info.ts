import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { cardValue, isWeight, type ModelCard, parseModelCard } from '@genesis/inference';
import { findModelFile } from '@genesis/inference/node';
import {
  isHubReference,
  loadZooEntry,
  readWeights,
  type WeightFile,
  type ZooEntry,
} from '@genesis/zoo';
import { CARD_FILE, type PublishedModel } from '@genesis/zoo/card';
import { readWeightBytes } from '../model/read-weight-bytes.js';
import { runPaths } from '../run/layout.js';
import { isOfficial, locateModel } from '../run/locate-model.js';
import { readMetrics, sortRecords } from '../run/metrics.js';
import { type RunInfo, readRunInfo } from '../run/run-info.js';

/** What a run, a weight file or a published model is. Plain data. */
export interface ModelSummary {
  /** As it was asked for. */
  readonly model: string;
  /** Path of the weights. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly format: WeightFile['format'];
  readonly tensors: number;
  /** Values in all tensors that are weights. */
  readonly parameters: number;
  /** What the file says of the model; left out of weights that no run of this package wrote. */
  readonly card?: ModelCard;
  /** What else such a file says. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of the official models, which one gets by hand. */
  readonly official?: ZooEntry;
  /** Of a published model. */
  readonly published?: PublishedModel;
  /** Of a run. */
  readonly run?: {
    readonly epochs: number;
    readonly steps: number;
    /** Values of the validation in the best epoch. */
    readonly best: Readonly<Record<string, number>>;
    readonly volumes: { readonly train: number; readonly validation: number };
    readonly start?: string;
    readonly engine: string;
    readonly versions: RunInfo['versions'];
  };
}

/** Whether a path or text is a model rather than a volume: `zoo:NAME` and the like, a run, a weight file, a package. */
export async function isModel(text: string): Promise<boolean> {
  if (isHubReference(text)) return true;
  const status = await stat(text).catch(() => undefined);
  if (status?.isFile()) return /^\.(safetensors|pt|pth|ckpt|h5|tgz)$/.test(extname(text));
  if (!status?.isDirectory()) return false;
  const signs = [CARD_FILE, 'run.json', join('checkpoints', 'best.safetensors')];
  const found = await Promise.all(signs.map((name) => isThere(join(text, name))));
  return found.includes(true);
}

/**
 * Describes a model: what its card says, its size and its hash, and what is known of the run or the package that it is in.
 *
 * @param model - Folder of a run, weight file, package, or a published model such as `zoo:NAME`, which is fetched.
 * @param onNote - Told what is fetched, and once on which terms a model may be used.
 * @throws TrainerError, InferenceError, WeightFormatError or HubError.
 */
export async function modelInfo(
  model: string,
  { onNote }: { readonly onNote?: (note: string) => void } = {},
): Promise<ModelSummary> {
  const { file, published, official } = await find(model, onNote);
  const bytes = await readWeightBytes(file);
  const weights = await readWeights(bytes);
  const value = cardValue(weights.metadata);
  const tensors = [...weights.tensors].filter(([name]) => isWeight(name));
  return {
    model,
    file,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    format: weights.format,
    tensors: tensors.length,
    parameters: tensors.reduce((sum, [, { size }]) => sum + size, 0),
    card: value === undefined ? undefined : parseModelCard(value),
    metadata: value === undefined ? weights.metadata : undefined,
    published,
    official,
    run: await describeRun(model),
  };
}

async function find(
  model: string,
  onNote?: (note: string) => void,
): Promise<Pick<ModelSummary, 'file' | 'published' | 'official'>> {
  if (isOfficial(model)) {
    const { entry, path } = await loadZooEntry(model.slice('zoo:'.length));
    return { file: path, official: entry };
  }
  const found = await locateModel(model, onNote);
  if (found !== undefined) return { file: found.weights, published: found.card };
  return { file: await findModelFile(model) };
}

async function describeRun(folder: string): Promise<ModelSummary['run']> {
  const paths = runPaths(folder);
  const info = (await isThere(paths.info)) ? await readRunInfo(paths) : undefined;
  if (info === undefined) return undefined;
  const { epochs } = sortRecords(await readMetrics(paths.metrics));
  const { split, transfer, engine, versions } = info;
  return {
    epochs: epochs.at(-1)?.epoch ?? 0,
    steps: epochs.at(-1)?.step ?? 0,
    best: epochs.findLast((epoch) => epoch.best)?.validation ?? {},
    volumes: { train: split.train.length, validation: split.validation.length },
    start: transfer?.source,
    engine: engine.name,
    versions,
  };
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
