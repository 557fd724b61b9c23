import { Dense, encoderOf, GlobalAveragePool3d } from '@genesis/unet3d';
import { type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LabelHead } from './api.js';

/**
 * A network that tells labels of a crop: the encoder of `network`, global average pool, for each label one dense layer,
 * `head.LABEL`. [n, x, y, z, c] → [n, size] for each label. Takes the encoder over and frees the rest of `network`.
 */
export function labelNetwork(
  network: LayersModel,
  labels: readonly LabelHead[],
  seed: number,
): LayersModel {
  const encoder = encoderOf(network);
  const pooled = new GlobalAveragePool3d({ name: 'head.pool' }).apply(encoder.outputs[0]);
  const outputs = labels.map(({ name, kind, size }) =>
    new Dense({
      name: `head.${name}`,
      units: size,
      activation: kind === 'class' ? 'softmax' : 'sigmoid',
      seed,
    }).apply(pooled),
  );
  for (const layer of network.layers) if (!encoder.layers.includes(layer)) layer.dispose();
  return model({ inputs: network.inputs, outputs: outputs as SymbolicTensor[], name: 'labels' });
}
