import { stat } from 'node:fs/promises';
import {
  cardValue,
  inputChannels,
  isWeight,
  kerasNetwork,
  type ModelCard,
  type NetworkConfig,
  parseNetwork,
} from '@genesis/inference';
import {
  detectDialect,
  type ImportReport,
  importWeights,
  type LoadReport,
  LoadWeightsError,
  type RescaledKernel,
} from '@genesis/unet3d';
import {
  loadZooEntry,
  type NamedTensors,
  readWeights,
  type SkippedEntry,
  type WeightFile,
} from '@genesis/zoo';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainerError } from '../errors.js';
import { plural } from '../plural.js';
import { shortNumber } from '../report/ticks.js';
import { runPaths } from '../run/layout.js';
import { isOfficial, locateModel } from '../run/locate-model.js';
import type { TransferReport } from '../run/run-info.js';
import { readWeightBytes } from './read-weight-bytes.js';

/** Weights to start from. */
export interface InitialWeights {
  /** The file or zoo entry, for messages. */
  readonly source: string;
  readonly tensors: NamedTensors;
  /** What the file holds beside tensors that a network can use. */
  readonly skipped: readonly SkippedEntry[];
  /** The network that they were trained in, when the file tells. */
  readonly network?: NetworkConfig;
}

/**
 * Finds the weights that `init` names: a run, a `.safetensors`, `.pt` or `.h5` file, or a published model such as `zoo:NAME`.
 *
 * @param onNote - Told what is fetched, and once on which terms a model may be used.
 * @returns undefined for 'none'.
 * @throws TrainerError, WeightFormatError or HubError when there are none.
 */
export async function findInitialWeights(
  init: string,
  onNote?: (note: string) => void,
): Promise<InitialWeights | undefined> {
  if (init === 'none') return undefined;
  if (isOfficial(init)) return describe(init, await loadZooEntry(init.slice('zoo:'.length)));
  const model = await locateModel(init, onNote);
  if (model !== undefined) return readFrom(model.weights, model.source);
  return readFrom(await weightFile(init));
}

/** @param source - What messages call it. */
async function readFrom(path: string, source = path): Promise<InitialWeights> {
  const bytes = await readWeightBytes(path);
  try {
    return describe(source, await readWeights(bytes));
  } catch (cause) {
    throw new TrainerError('weights', `${path} holds no weights: ${(cause as Error).message}`, {
      file: path,
      cause,
    });
  }
}

async function weightFile(init: string): Promise<string> {
  const status = await stat(init).catch(() => undefined);
  if (!status) {
    throw new TrainerError(
      'weights',
      `--init ${init}: there is no such run or file; give a run folder, a weight file, zoo:NAME or none`,
      { file: init },
    );
  }
  if (!status.isDirectory()) return init;
  const { best } = runPaths(init);
  if (await stat(best).catch(() => undefined)) return best;
  throw new TrainerError(
    'weights',
    `--init ${init} holds no checkpoints/best.safetensors: it is not the folder of a run, or the run has not completed an epoch yet`,
    { file: init },
  );
}

function describe(source: string, file: WeightFile): InitialWeights {
  const tensors: NamedTensors = new Map([...file.tensors].filter(([name]) => isWeight(name)));
  const card = cardValue(file.metadata);
  const { skipped } = file;
  if (card !== undefined) {
    const network = parseNetwork(card);
    if (!restoresChannels(card)) return { source, tensors, skipped, network };
    // Its last layer gives channels, not classes, and could fit where there are as many of both.
    const heads = [...tensors.keys()].filter((name) => name.startsWith('head.'));
    for (const name of heads) tensors.delete(name);
    const restoring = heads.map((name) => ({ name, reason: 'restores the channels of images' }));
    return { source, tensors, skipped: [...skipped, ...restoring], network };
  }
  const isKeras = detectDialect(tensors.keys()) === 'keras';
  return { source, tensors, skipped, network: isKeras ? kerasNetwork : undefined };
}

/** Whether a card is one of a pre-training on images of several channels. */
function restoresChannels(card: unknown): boolean {
  const { kind, preparation } = card as Partial<ModelCard>;
  return kind === 'pretrain' && preparation !== undefined && inputChannels(preparation) > 1;
}

/**
 * Puts the weights into the network as far as names and shapes fit; names of the official PyTorch and Keras weights
 * are translated.
 *
 * @param parts - What is taken over: the whole network, or its encoder alone.
 * @throws TrainerError 'weights' when nothing fits, since that would be training from scratch unnoticed.
 */
export function transferWeights(
  model: LayersModel,
  initial: InitialWeights,
  parts: 'all' | 'encoder' = 'all',
): TransferReport {
  const only = (name: string): boolean => parts === 'all' || name.startsWith('encoder.');
  let report: ImportReport;
  try {
    report = importWeights(model, initial.tensors, { partial: true, repeatInput: true, only });
  } catch (cause) {
    if (cause instanceof LoadWeightsError) throw noneFits(initial, cause.report);
    throw cause;
  }
  // A bias of the last layer fits by chance; without a single kernel of the encoder nothing was learnt before.
  if (!report.matched.some((name) => /^encoder\..*\.kernel$/.test(name))) {
    throw noneFits(initial, report);
  }
  return {
    source: initial.source,
    matched: report.matched,
    repeated: report.repeated,
    random: [
      ...report.mismatched.map(({ name, expected, found, reason }) => ({
        name,
        reason: `${reason}: ${found.join('×')} in the file, ${expected.join('×')} here`,
      })),
      ...report.missing
        .filter((name) => !isStatistic(name))
        .map((name) => ({ name, reason: only(name) ? 'not in the file' : 'to start anew' })),
    ],
    statistics: report.missing.filter(isStatistic),
    unused: [
      ...report.unexpected.map((name) => ({ name, reason: 'not in this network' })),
      ...report.ignored.map(({ name, reason }) => ({ name, reason })),
      ...initial.skipped,
    ],
  };
}

function isStatistic(name: string): boolean {
  return /\.moving(Mean|Variance)$/.test(name);
}

function noneFits(initial: InitialWeights, report: LoadReport): TrainerError {
  const first = report.mismatched.find(({ name }) => name.startsWith('encoder.'));
  const found = [...initial.tensors.keys()].slice(0, 3).join(', ');
  const reason = first
    ? `(for example ${first.name} is ${first.found.join('×')} there and ${first.expected.join('×')} in the network); use the same --width and --levels, or --init none`
    : `(its tensors are called ${found || 'nothing'}, …, which are not names of this network, of the official one or of nnU-Net's residual encoder); give weights of such a network, or --init none`;
  return new TrainerError(
    'weights',
    `no layer of ${initial.source} fits the network's encoder ${reason}`,
    { file: initial.source },
  );
}

/** The report in a few lines: counts, then every layer that did not come over and why. */
export function describeTransfer(report: TransferReport): string {
  const { source, matched, random, statistics, unused, repeated, rescaled = [] } = report;
  return [
    `weights from ${source}: ${plural(matched.length, 'tensor')} matched, ${random.length} start at random, ${unused.length} unused`,
    ...random.map(({ name, reason }) => `  random: ${name} (${reason})`),
    ...unused.map(({ name, reason }) => `  unused: ${name} (${reason})`),
    ...(repeated
      ? [
          `  the first layer, ${repeated.name}, has one channel in the file: repeated for ${repeated.channels} and divided by their number`,
        ]
      : []),
    ...(statistics.length > 0
      ? [
          `  ${statistics.length} running means and variances are not in the file: learnt from the data`,
        ]
      : []),
    ...(rescaled.length > 0 ? [`  ${describeRescaled(rescaled)}`] : []),
  ].join('\n');
}

function describeRescaled(rescaled: readonly RescaledKernel[]): string {
  const factors = rescaled.map(({ factor }) => factor);
  const [least, most] = [Math.min(...factors), Math.max(...factors)].map(shortNumber);
  return `${plural(rescaled.length, 'kernel')} in front of a normalisation brought to the size of fresh ones (times ${least}…${most}), so that they learn as fast; --no-rescale leaves them`;
}
