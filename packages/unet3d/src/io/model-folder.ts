import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { files } from '#files';
import { UNet3dError } from '../errors.js';

/**
 * A folder as a place for `model.save` and `tf.loadLayersModel`: `model.json` and `weights.bin`, the
 * standard format of TensorFlow.js, readable in a browser by its URL.
 */
export function modelFolder(folder: string): tf.io.IOHandler {
  return {
    save: async (artifacts) => {
      for (const [name, contents] of filesOf(artifacts)) {
        await files.write(files.join(folder, name), contents);
      }
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

/**
 * A model in the standard format of TensorFlow.js as the contents of its files, `weights.bin` and `model.json`. Who loads it must know
 * this package's layers (`registerLayers`).
 */
export async function encodeModel(
  model: LayersModel,
): Promise<ReadonlyMap<string, Uint8Array | string>> {
  let found: ReadonlyMap<string, Uint8Array | string> = new Map();
  const keep = tf.io.withSaveHandler(async (artifacts) => {
    found = filesOf(artifacts);
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  });
  await model.save(keep);
  return found;
}

function filesOf(artifacts: tf.io.ModelArtifacts): ReadonlyMap<string, Uint8Array | string> {
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
  return new Map<string, Uint8Array | string>([
    ['weights.bin', bytes],
    ['model.json', JSON.stringify(json)],
  ]);
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
