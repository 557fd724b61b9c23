import {
  adam,
  adamW,
  discriminativeGroups,
  type Optimizer,
  type ParamGroup,
  sgd,
} from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainerError } from '../errors.js';
import type { LoopContext } from './loop-context.js';

/**
 * Learning rates unless the user knows better. Restoring one fixed batch of CT crops, Adam at 0.001 reaches in 120 steps
 * what SGD at 1.0 needs more than 160 for, and SGD at 0.1 is nowhere near; the reference's users report collapse at 1.0.
 */
export const DEFAULT_LEARNING_RATE = { sgd: 0.5, adam: 1e-3, adamw: 1e-3 } as const;

/** The optimizer that the options ask for; SGD with momentum 0.9, or Adam, unless they say more. */
export function createOptimizer(
  config: LoopContext['config'],
  learningRate: number,
  model: LayersModel,
): Optimizer {
  const { momentum = 0.9, nesterov, beta2, weightDecay } = config;
  const common = { learningRate, weightDecay, groups: groupsOf(config, model) };
  if (config.optimizer === 'sgd') return sgd({ ...common, momentum, nesterov });
  return config.optimizer === 'adam' ? adam({ ...common, beta2 }) : adamW({ ...common, beta2 });
}

function groupsOf(
  { encoderRate, stageRate }: LoopContext['config'],
  model: LayersModel,
): ParamGroup[] | undefined {
  if (encoderRate !== undefined && stageRate !== undefined) {
    throw new TrainerError(
      'bad-config',
      '--encoder-rate and --stage-rate exclude each other: both say how fast the encoder learns',
    );
  }
  if (stageRate !== undefined) return discriminativeGroups(model, stageRate);
  if (encoderRate === undefined) return undefined;
  return [{ match: ['encoder.'], learningRateScale: encoderRate }];
}
