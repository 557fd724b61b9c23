import { applyNetwork } from '@genesis/inference';
import {
  type BatchPool,
  createRng,
  createTask,
  type TaskName,
  type TaskOpts,
} from '@genesis/transforms';
import { meanSquaredError } from '@genesis/unet3d';
import type { Vec3 } from '@genesis/volume-io';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NdArray } from 'ndarray';
import { STREAM } from '../../data/streams.js';
import type { TrainBatch, TrainingTask, Validation } from '../../training/api.js';
import type { CropSource } from './crop-source.js';

/** A proxy task by name and plain options, so that workers can build it too. */
export interface ProxySpec {
  readonly name: TaskName;
  readonly opts: TaskOpts['genesis'];
}

/** One validation sample: fixed for the whole run. */
export interface RestorationSample {
  /** Name of the volume that it was cut from. */
  readonly volume: string;
  /** Deformed, [x, y, z]. */
  readonly input: NdArray<Float32Array>;
  /** What is to be restored. */
  readonly target: NdArray<Float32Array>;
}

export interface ValidationSetOpts {
  readonly source: CropSource;
  /** Names of the source's volumes. */
  readonly names: readonly string[];
  /** Samples in all, spread evenly over the volumes. */
  readonly count: number;
  readonly proxy: ProxySpec;
  readonly seed: number;
}

/** Crops and deforms the validation set: the same samples for the same seed, whatever happens in training. */
export async function restorationSamples(opts: ValidationSetOpts): Promise<RestorationSample[]> {
  const { source, names, count, seed } = opts;
  const proxy = createTask(opts.proxy.name, opts.proxy.opts);
  const byVolume: RestorationSample[][] = [];
  for (let volume = 0; volume < names.length; volume++) {
    const share =
      Math.floor((count * (volume + 1)) / names.length) -
      Math.floor((count * volume) / names.length);
    if (share === 0) continue;
    const rng = createRng(seed, STREAM.validation, volume);
    const crops = await source.fixed(volume, share, rng.split(0));
    byVolume.push(
      crops.map((crop, n) => {
        const { input, target } = proxy.make(crop, rng.split(1, n));
        return { volume: names[volume], input, target };
      }),
    );
  }
  return takeTurns(byVolume);
}

/**
 * One of each list after the other, so that a batch mixes volumes as in training: with batch statistics a batch from one
 * volume alone would be normalised by that volume.
 */
function takeTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, n) =>
    lists.filter((list) => n < list.length).map((list) => list[n]),
  ).flat();
}

/** Mean squared difference between the deformed inputs and their targets: what a network reaches by doing nothing. */
export function identityMse(samples: readonly RestorationSample[]): number {
  let sum = 0;
  let count = 0;
  for (const { input, target } of samples) {
    for (let n = 0; n < input.data.length; n++) sum += (input.data[n] - target.data[n]) ** 2;
    count += input.data.length;
  }
  return sum / count;
}

export interface PretrainTaskOpts {
  readonly model: LayersModel;
  readonly pool: BatchPool;
  readonly samplesPerEpoch: number;
  readonly batchSize: number;
  readonly crop: Vec3;
  readonly validation: readonly RestorationSample[];
}

/** Restoring deformed crops: mean squared error, validated on the fixed samples beside the identity's error. */
export function pretrainTask(opts: PretrainTaskOpts): TrainingTask {
  const { model, pool, batchSize, crop, validation } = opts;
  const stepsPerEpoch = Math.max(1, Math.floor(opts.samplesPerEpoch / batchSize));
  const baseline = identityMse(validation);
  const targetSpread = spread(validation.map(({ target }) => target.data));
  return {
    model,
    stepsPerEpoch,
    batchSize,
    loss: meanSquaredError,
    async *batches(epoch, firstStep): AsyncGenerator<TrainBatch> {
      const indices: number[] = [];
      for (let n = firstStep * batchSize; n < stepsPerEpoch * batchSize; n++) indices.push(n);
      for await (const batch of pool.batches({ epoch, indices })) {
        yield { x: toBatchTensor(batch.input), y: toBatchTensor(batch.target) };
      }
    },
    async validate(): Promise<Validation> {
      let squares = 0;
      let count = 0;
      const outputs: Float32Array[] = [];
      for (let first = 0; first < validation.length; first += batchSize) {
        const group = validation.slice(first, first + batchSize);
        const restored = await applyNetwork(
          model,
          group.map(({ input }) => input.data),
          [...crop, 1],
        );
        restored.forEach((output, n) => {
          const target = group[n].target.data;
          for (let v = 0; v < output.length; v++) squares += (output[v] - target[v]) ** 2;
          count += output.length;
          outputs.push(output);
        });
      }
      const loss = squares / count;
      return {
        monitored: loss,
        values: { loss, identityMse: baseline, ratio: loss / baseline },
        spread: spread(outputs) / targetSpread,
      };
    },
  };
}

function toBatchTensor(batch: NdArray<Float32Array>): tf.Tensor {
  // Copied: the pool overwrites its memory, and an engine may read a tensor's values later.
  return tf.tensor(batch.data.slice(0, batch.size), batch.shape, 'float32');
}

/** Standard deviation of all values together. */
function spread(arrays: readonly Float32Array[]): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (const array of arrays) {
    for (let n = 0; n < array.length; n++) {
      sum += array[n];
      squares += array[n] * array[n];
    }
    count += array.length;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
