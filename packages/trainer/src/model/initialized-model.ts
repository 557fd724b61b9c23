import type { ModelCard, NetworkConfig } from '@genesis/inference';
import { buildModel } from '@genesis/inference';
import { freeze } from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FinetuneConfig } from '../config/schema.js';
import type { OnEvent } from '../training/events.js';
import {
  describeTransfer,
  type InitialWeights,
  type TransferReport,
  transferWeights,
} from './init-weights.js';

/** What both kinds of fine-tuning are planned from. */
export interface PlanOpts {
  readonly config: FinetuneConfig;
  readonly network: NetworkConfig;
  readonly initial: InitialWeights | undefined;
  readonly onEvent: OnEvent | undefined;
}

/** The network with the initial weights in it; what came over is said and returned. */
export function initializedModel(
  info: ModelCard,
  opts: PlanOpts,
): { model: LayersModel; transfer: TransferReport | undefined } {
  const { config, initial, onEvent } = opts;
  const model = buildModel(info, config.seed);
  const transfer = initial && transferWeights(model, initial);
  onEvent?.({
    type: 'note',
    text: transfer ? describeTransfer(transfer) : 'all weights start at random (--init none)',
  });
  if (config.freezeEncoder) freeze(model, 'encoder.');
  return { model, transfer };
}
