import * as tf from '@tensorflow/tfjs-core';
import { AddAct } from './AddAct.js';
import { AveragePool3d } from './AveragePool3d.js';
import { ConcatChannels } from './ConcatChannels.js';
import { Conv3d } from './Conv3d.js';
import { ConvNormAct } from './ConvNormAct.js';
import { ConvTranspose3d } from './ConvTranspose3d.js';
import { CropLike } from './CropLike.js';
import { Dense } from './Dense.js';
import { GlobalAveragePool3d } from './GlobalAveragePool3d.js';
import { MaxPool3d } from './MaxPool3d.js';
import { NormAct } from './NormAct.js';
import { PadToMultiple } from './PadToMultiple.js';
import { UpSample3d } from './UpSample3d.js';

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
    tf.serialization.registerClass(
      layer as unknown as tf.serialization.SerializableConstructor<tf.serialization.Serializable>,
    );
  }
}

registerLayers();
