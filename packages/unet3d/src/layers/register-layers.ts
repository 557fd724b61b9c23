import * as tf from '@tensorflow/tfjs-core';
import { AddAct } from './add-act.js';
import { AveragePool3d } from './average-pool3d.js';
import { ConcatChannels } from './concat-channels.js';
import { ConvNormAct } from './conv-norm-act.js';
import { ConvTranspose3d } from './conv-transpose3d.js';
import { Conv3d } from './conv3d.js';
import { CropLike } from './crop-like.js';
import { Dense } from './dense.js';
import { GlobalAveragePool3d } from './global-average-pool3d.js';
import { MaxPool3d } from './max-pool3d.js';
import { NormAct } from './norm-act.js';
import { PadToMultiple } from './pad-to-multiple.js';
import { UpSample3d } from './up-sample3d.js';

const LAYERS = [
  AddAct,
  AveragePool3d,
  ConcatChannels,
  Conv3d,
  ConvNormAct,
  ConvTranspose3d,
  CropLike,
  Dense,
  GlobalAveragePool3d,
  MaxPool3d,
  NormAct,
  PadToMultiple,
  UpSample3d,
] as const;

/**
 * Makes the layers known to `tf.loadLayersModel`. Runs when the package is imported; call it again
 * only after `tf.serialization.SerializationMap` was cleared. Repeating it does no harm.
 */
export function registerLayers(): void {
  for (const layer of LAYERS) {
    tf.serialization.registerClass(layer);
  }
}

registerLayers();
