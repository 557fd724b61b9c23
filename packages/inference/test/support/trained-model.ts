import { createRng } from '@genesis/core';
import {
  buildModel,
  encodeModelFile,
  type Preparation,
  referenceNetwork,
  type SegmentationCard,
} from '@genesis/inference';
import {
  adam,
  computeGradients,
  crossEntropy,
  disposeGradients,
  getWeights,
} from '@genesis/unet3d';
import { createVolume, type Volume } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';

/** A segmentation of bright voxels, of crops of 8 × 8 × 8. */
export function brightnessCard(preparation: Partial<Preparation> = {}): SegmentationCard {
  return {
    version: 1,
    kind: 'segmentation',
    network: { ...referenceNetwork, width: 2, levels: 2, norm: 'batchRunning' },
    crop: [8, 8, 8],
    preparation: {
      orientation: 'RAS',
      normalization: 'percentile',
      nonFinite: 'error',
      ...preparation,
    },
    classes: [
      { value: 0, name: 'background' },
      { value: 7, name: 'bright' },
    ],
  };
}

/** The model file of a network that a few seeded steps have taught to label bright voxels. */
export async function trainedModelFile(card: SegmentationCard): Promise<Uint8Array<ArrayBuffer>> {
  const model = buildModel(card, 0);
  const optimizer = adam({ learningRate: 0.05 });
  const rng = createRng(0);
  for (let step = 0; step < 30; step++) {
    const values = new Float32Array(2 * 512);
    rng.fillUniform(values);
    const x = tf.tensor(values, [2, 8, 8, 8, 1]);
    const y = tf.tensor(
      Float32Array.from({ length: 2 * 1024 }, (_, n) =>
        Number(values[n >> 1] > 0.5 === (n % 2 === 1)),
      ),
      [2, 8, 8, 8, 2],
    );
    const gradients = computeGradients(model, x, y, crossEntropy);
    optimizer.step(gradients.grads, model);
    disposeGradients(gradients);
    tf.dispose([x, y]);
  }
  optimizer.dispose();
  const bytes = encodeModelFile({ card, weights: await getWeights(model) });
  model.dispose();
  return Uint8Array.from(bytes);
}

/** A volume whose brightness varies smoothly, so that it has bright and dark parts. */
export function hillyVolume(): Volume {
  const shape = [13, 10, 11] as const;
  const voxels = Float32Array.from({ length: 1430 }, (_, n) =>
    Math.round(500 + 400 * Math.sin(n / 7) * Math.cos((n / 91) % 9)),
  );
  const affine = [-1, 0.1, 0, 40, 0.1, 1.2, 0, -30, 0, 0, 2, 10, 0, 0, 0, 1];
  return createVolume(voxels, { shape: [...shape], affine });
}
