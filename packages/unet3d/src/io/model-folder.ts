import * as tf from '@tensorflow/tfjs-core';
import { files } from '#files';
import { UNet3dError } from '../errors.js';

/**
 * A folder as a place for `model.save` and `tf.loadLayersModel`: `model.json` and `weights.bin`, the
 * standard format of TensorFlow.js, readable in a browser by its URL.
 */
export function modelFolder(folder: string): tf.io.IOHandler {
  return {
    save: async (artifacts) => {
      const { weightData, weightSpecs, ...rest } = artifacts;
      const bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
      const json: tf.io.ModelJSON = {
        modelTopology: rest.modelTopology as object,
        format: rest.format,
        generatedBy: rest.generatedBy,
        convertedBy: rest.convertedBy,
        userDefinedMetadata: rest.userDefinedMetadata,
        weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs ?? [] }],
      };
      await files.write(files.join(folder, 'weights.bin'), bytes);
      await files.write(files.join(folder, 'model.json'), JSON.stringify(json));
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    },
    load: async () => {
      const path = files.join(folder, 'model.json');
      const json = parse(path, await files.read(path));
      return tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const parts: Uint8Array[] = [];
        for (const group of manifest) {
          for (const name of group.paths) parts.push(await files.read(files.join(folder, name)));
        }
        const buffers = parts.map((part) => part.slice().buffer);
        return [manifest.flatMap((group) => group.weights), buffers];
      });
    },
  };
}

function parse(path: string, bytes: Uint8Array): tf.io.ModelJSON {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes)) as tf.io.ModelJSON;
    if (json.modelTopology && Array.isArray(json.weightsManifest)) return json;
  } catch (error) {
    throw new UNet3dError('bad-model', `${path} is not JSON: ${(error as Error).message}`, {
      file: path,
      cause: error,
    });
  }
  throw new UNet3dError('bad-model', `${path} is not a TensorFlow.js model.`, { file: path });
}
