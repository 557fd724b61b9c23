import * as tfl from '@tensorflow/tfjs-layers';
import { UNet3dError } from '../errors.js';

/** The output of a network's encoder: the deepest layer `encoder.L.…`. */
export function encoderOutput(from: tfl.LayersModel): tfl.SymbolicTensor {
  const layers = from.layers.filter((layer) => /^encoder\./.test(layer.name));
  const last = layers[layers.length - 1];
  if (!last) {
    throw new UNet3dError('no-encoder', `Model ${from.name} has no layers named encoder.…`);
  }
  return last.output as tfl.SymbolicTensor;
}

/** The encoder alone as a model, [n, x, y, z, c] → [n, x', y', z', features]. Shares its layers with `from`. */
export function encoderOf(from: tfl.LayersModel): tfl.LayersModel {
  return tfl.model({ inputs: from.inputs, outputs: encoderOutput(from), name: 'encoder' });
}
