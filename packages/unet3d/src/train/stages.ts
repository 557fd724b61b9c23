import type * as tfl from '@tensorflow/tfjs-layers';
import type { ParamGroup } from '../optim/optimizer.js';

/**
 * The parts of a network as name prefixes, from the output back to the input: `head.`,
 * `decoder.0.`, `decoder.1.`, …, `encoder.3.`, …, `encoder.0.`.
 */
export function stagesOf(model: tfl.LayersModel): string[] {
  const stages = new Set<string>();
  for (const layer of model.layers) {
    const stage = /^(head|(?:encoder|decoder)\.[^.]+)\./.exec(layer.name)?.[1];
    if (stage && layer.weights.length > 0) stages.add(`${stage}.`);
  }
  return [...stages].reverse();
}

/**
 * Trains only the `count` stages nearest to the output and freezes the rest: gradual unfreezing,
 * called with a growing count (Howard & Ruder, 2018). Returns the stages that train.
 */
export function unfreezeStages(model: tfl.LayersModel, count: number): string[] {
  const trained = stagesOf(model).slice(0, Math.max(0, count));
  for (const layer of model.layers) {
    layer.trainable = trained.some((stage) => layer.name.startsWith(stage));
  }
  return trained;
}

/**
 * Groups for an optimiser in which each stage learns `factor` times as fast as the next one towards
 * the output (discriminative fine-tuning; Howard & Ruder, 2018, use 1 / 2.6).
 */
export function discriminativeGroups(model: tfl.LayersModel, factor = 1 / 2.6): ParamGroup[] {
  return stagesOf(model).map((stage, distance) => ({
    match: [stage],
    learningRateScale: factor ** distance,
  }));
}
