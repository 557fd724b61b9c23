import { stat } from 'node:fs/promises';
import {
  buildModel,
  type ModelCard,
  type NetworkConfig,
  referenceNetwork,
} from '@genesis/inference';
import { freeze, rescaleKernels } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetworkOpts } from '../../config/options.js';
import { checkCrop } from '../../model/check-crop.js';
import {
  describeTransfer,
  findInitialWeights,
  type InitialWeights,
  transferWeights,
} from '../../model/init-weights.js';
import { networkFrom } from '../../model/network-from.js';
import type { TransferReport } from '../../run/run-info.js';
import type { OnEvent } from '../../training/events.js';
import type { RunContext } from '../../training/run-context.js';

/** Where a fine-tuning starts: the weights, if any, and the network that they and the options ask for. */
export interface FinetuneStart {
  readonly network: NetworkConfig;
  /** None for a start at random; those of the run's own checkpoint come later. */
  readonly initial: InitialWeights | 'checkpoint' | undefined;
}

/**
 * Finds the weights that `init` names and decides on the network: that of the weights, where the options say nothing else. A run that
 * goes on from its checkpoint has its own network, and needs the weights no more.
 *
 * @throws HubError; TrainerError 'weights', or 'bad-config' for a crop that the network cannot halve.
 */
export async function findStart(
  config: NetworkOpts & { readonly init: string; readonly crop?: readonly number[] | undefined },
  resumed?: Pick<RunContext, 'previous' | 'run'> & Partial<Pick<RunContext, 'emit'>>,
): Promise<FinetuneStart> {
  if (resumed?.previous && (await hasCheckpoint(resumed.run))) {
    return { network: resumed.previous.model.network, initial: 'checkpoint' };
  }
  const initial = await findInitialWeights(config.init, (text) =>
    resumed?.emit?.({ type: 'note', text }),
  );
  const found = initial?.network ?? referenceNetwork;
  const network = networkFrom(config, { ...forInference(found), skips: undefined });
  if (config.crop) checkCrop(config.crop, network.levels);
  return { network, initial };
}

async function hasCheckpoint({ paths }: RunContext['run']): Promise<boolean> {
  return (await stat(paths.last).catch(() => undefined))?.isFile() ?? false;
}

/**
 * The reference normalises by the batch at hand even at inference, so that a result depends on what else is in the
 * batch. A network that is to be used learns running statistics instead; the other weights are the same.
 */
function forInference(network: NetworkConfig): NetworkConfig {
  return network.norm === 'batch' ? { ...network, norm: 'batchRunning' } : network;
}

export interface InitializedModelOpts {
  readonly info: ModelCard;
  readonly initial: FinetuneStart['initial'];
  readonly config: {
    readonly seed: number;
    readonly freezeEncoder: boolean;
    /** Bring kernels that are taken over to the size of fresh ones, where a normalisation follows. Default true. */
    readonly rescale?: boolean;
    /**
     * What is taken over: the whole network (default), or its encoder alone, which is all there is where the decoder had no skip
     * connections.
     */
    readonly initParts?: 'all' | 'encoder';
  };
  readonly emit: OnEvent;
}

/** The network with the initial weights in it; what came over is said and returned. */
export async function initializedModel(opts: InitializedModelOpts): Promise<{
  model: LayersModel;
  transfer: TransferReport | undefined;
}> {
  const { info, initial, config, emit } = opts;
  const model = buildModel(info, config.seed);
  const isLater = initial === 'checkpoint';
  const transfer =
    initial === undefined || isLater ? undefined : await takeOver(model, initial, config);
  if (!isLater) {
    emit({
      type: 'note',
      text: transfer ? describeTransfer(transfer) : 'all weights start at random (--init none)',
    });
  }
  if (config.freezeEncoder) {
    if (transfer?.statistics.some((name) => name.startsWith('encoder.'))) {
      emit({
        type: 'warning',
        text: `the frozen encoder normalises by running statistics that are not in ${transfer.source} and that it cannot learn: take --norm instance, or leave --freeze-encoder out`,
      });
    }
    freeze(model, 'encoder.');
  }
  return { model, transfer };
}

async function takeOver(
  model: LayersModel,
  initial: InitialWeights,
  { rescale = true, initParts = 'all' }: InitializedModelOpts['config'],
): Promise<TransferReport> {
  const parts = initial.network?.skips === false ? 'encoder' : initParts;
  const report = transferWeights(model, initial, parts);
  if (!rescale) return report;
  const taken = new Set(report.matched);
  return { ...report, rescaled: await rescaleKernels(model, (name) => taken.has(name)) };
}
