import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { modelFolder } from './model-folder.js';

/**
 * Loads a model that was saved in TensorFlow.js format: from a folder, a URL of its `model.json`
 * (http, https, indexeddb, localstorage), or any handler. The caller disposes it.
 */
export async function loadModel(source: string | tf.io.IOHandler): Promise<tfl.LayersModel> {
  const isUrl = typeof source === 'string' && /^[a-z][a-z0-9+.-]+:\/\//i.test(source);
  return tfl.loadLayersModel(typeof source === 'string' && !isUrl ? modelFolder(source) : source);
}
