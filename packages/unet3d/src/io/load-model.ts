// A saved model names its layers by their registered classes.
import '../layers/register-layers.js';
import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { modelFolder } from './model-folder.js';

/**
 * Loads a model that was saved in TensorFlow.js format: from a folder, a URL of its `model.json`
 * (http, https, indexeddb, localstorage), or any handler. The caller disposes it.
 * @throws UNet3dError `read-failed` or `bad-model` for a folder, naming the file.
 */
export async function loadLayersModel(source: string | tf.io.IOHandler): Promise<tfl.LayersModel> {
  const isUrl = typeof source === 'string' && /^[a-z][a-z0-9+.-]+:\/\//i.test(source);
  return tfl.loadLayersModel(typeof source === 'string' && !isUrl ? modelFolder(source) : source);
}

/** @deprecated {@link loadLayersModel}; what the trainer calls `loadModel` is the model of a run. */
export const loadModel = loadLayersModel;
