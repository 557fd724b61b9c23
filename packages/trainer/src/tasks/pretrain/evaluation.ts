import { applyNetwork, withChannelAxis } from '@genesis/inference';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import ndarray, { type NdArray } from 'ndarray';
import type { Validation } from '../../training/api.js';
import { type Replicas, singleProcess } from '../../training/replicas/replicas.js';
import { isOwnBatch, sumsOf } from '../../training/replicas/share-validation.js';
import type { PretrainSample } from './data.js';
import type { PretrainConfig } from './options.js';
import { proxySchemas } from './proxy-options.js';
import {
  DEFORMATIONS_ALONE,
  type SingleDeformation,
  singleDeformations,
} from './single-deformations.js';

/** A sample, and which of its voxels count. */
export interface ScoredSample extends PretrainSample {
  /** 1 where the error of a value is taken, else 0, as long as the input; left out: everywhere. */
  readonly hidden?: Float32Array;
}

/** Mean squared difference between the deformed inputs and their targets: what a network reaches by doing nothing. */
export function identityMse(samples: readonly ScoredSample[]): number {
  const errors = new SquaredErrors();
  for (const { input, target, hidden } of samples) errors.add(input.data, target.data, hidden);
  return errors.mean;
}

/** Sums squared differences in the order in which they come. */
class SquaredErrors {
  private sum = 0;
  private count = 0;

  add(found: Float32Array, wanted: Float32Array, among: ArrayLike<number> | undefined): void {
    for (let n = 0; n < found.length; n++) {
      if (among?.[n] === 0) continue;
      this.sum += (found[n] - wanted[n]) ** 2;
      this.count++;
    }
  }

  get mean(): number {
    return this.sum / this.count;
  }

  /** Adds what the other processes have summed. */
  async addOthers(replicas: Replicas): Promise<void> {
    [this.sum, this.count] = await sumsOf(replicas, [this.sum, this.count]);
  }
}

/** Variance of the targets among the voxels that count: the error of the best constant. */
class Variance {
  private sum = 0;
  private squares = 0;
  private count = 0;

  add(values: Float32Array, among: ArrayLike<number> | undefined): void {
    for (let n = 0; n < values.length; n++) {
      if (among?.[n] === 0) continue;
      this.sum += values[n];
      this.squares += values[n] * values[n];
      this.count++;
    }
  }

  /** Adds what the other processes have summed. */
  async addOthers(replicas: Replicas): Promise<void> {
    const own = [this.sum, this.squares, this.count];
    [this.sum, this.squares, this.count] = await sumsOf(replicas, own);
  }

  get value(): number {
    return Math.max(0, this.squares / this.count - (this.sum / this.count) ** 2);
  }
}

/** 1 where the deformation has changed a voxel that counts. */
function deformedVoxels({ input, target, hidden }: ScoredSample): Uint8Array {
  return Uint8Array.from(target.data, (value, n) =>
    hidden?.[n] === 0 || input.data[n] === value ? 0 : 1,
  );
}

/**
 * Validates restorations on fixed samples, beside what is reached without a network. Values: `loss`, the mean squared error;
 * `identityMse`, that of the deformed input; `constantMse`, that of the best constant, which is the variance of the targets; `ratio`, loss ÷
 * identityMse; `explained`, the variance explained, 1 − loss ÷ constantMse (1: perfect, 0: no better than a constant); and
 * `explainedDeformed`, the same within the voxels that the deformation has changed.
 *
 * @param replicas - The processes that share the batches. Default: this one alone.
 */
export function restorationValidator(
  samples: readonly ScoredSample[],
  batchSize: number,
  replicas: Replicas = singleProcess,
): (model: LayersModel) => Promise<Validation> {
  const baseline = identityMse(samples);
  const targetSpread = spread(samples.map(({ target }) => target.data));
  const deformed = samples.map(deformedVoxels);
  const [variance, deformedVariance] = [new Variance(), new Variance()];
  samples.forEach(({ target, hidden }, n) => {
    variance.add(target.data, hidden);
    deformedVariance.add(target.data, deformed[n]);
  });
  const constantMse = variance.value;
  return async (model) => {
    const errors = new SquaredErrors();
    const deformedErrors = new SquaredErrors();
    const outputs = new Variance();
    for (let first = 0; first < samples.length; first += batchSize) {
      if (!isOwnBatch(first / batchSize, replicas)) continue;
      const group = samples.slice(first, first + batchSize);
      const restored = await applyNetwork(
        model,
        group.map(({ input }) => input.data),
        withChannelAxis(group[0].input.shape),
      );
      restored.forEach((output, n) => {
        errors.add(output, group[n].target.data, group[n].hidden);
        deformedErrors.add(output, group[n].target.data, deformed[first + n]);
        outputs.add(output, undefined);
      });
    }
    for (const sums of [errors, deformedErrors, outputs]) await sums.addOthers(replicas);
    const loss = errors.mean;
    const explained = 1 - loss / constantMse;
    return {
      monitored: loss,
      score: explained,
      values: {
        loss,
        explained,
        explainedDeformed: 1 - deformedErrors.mean / deformedVariance.value,
        identityMse: baseline,
        constantMse,
        ratio: loss / baseline,
      },
      shown: ['explained'],
      spread: Math.sqrt(outputs.value) / targetSpread,
    };
  };
}

/** Validation samples that a page shows. */
const SHOWN = 8;

/** Validation crops that are shown once for each deformation. */
const SHOWN_ALONE = 3;

/** What a page shows of a network. */
export interface Illustrations {
  /** Validation crops deformed by one deformation each; none for other proxy tasks than 'genesis'. */
  readonly alone: readonly RestoredSample<SingleDeformation>[];
  /** Validation crops as the network is validated. */
  readonly samples: readonly RestoredSample[];
}

/** Restores some of the validation samples, and for the preset some that one deformation alone has changed. */
export async function illustrate(
  model: LayersModel,
  validation: readonly ScoredSample[],
  config: Pick<PretrainConfig, 'proxyTask' | 'proxyOptions' | 'seed' | 'batch'>,
): Promise<Illustrations> {
  const alone =
    config.proxyTask === 'genesis'
      ? singleDeformations(
          validation.slice(0, SHOWN_ALONE),
          proxySchemas.genesis.parse(config.proxyOptions),
          config.seed,
        )
      : [];
  return {
    // With batch statistics a batch of one crop alone would be normalised by that crop.
    alone: await restoreSamples(model, alone, config.batch, DEFORMATIONS_ALONE + 1),
    // The samples take turns among the volumes, so the first ones show them all.
    samples: await restoreSamples(model, validation.slice(0, SHOWN), config.batch),
  };
}

/** A sample with what the network makes of it. */
export type RestoredSample<S extends ScoredSample = ScoredSample> = S & {
  /** Of the shape of the input. */
  readonly restored: NdArray<Float32Array>;
};

/**
 * Restores samples, a batch at a time.
 *
 * @param stride - Places between two samples of a batch; shares no factor with their number.
 */
async function restoreSamples<S extends ScoredSample>(
  model: LayersModel,
  samples: readonly S[],
  batchSize: number,
  stride = 1,
): Promise<RestoredSample<S>[]> {
  const restored: Float32Array[] = [];
  const order = samples.map((_, n) => (n * stride) % samples.length);
  for (let first = 0; first < order.length; first += batchSize) {
    const group = order.slice(first, first + batchSize);
    const outputs = await applyNetwork(
      model,
      group.map((n) => samples[n].input.data),
      withChannelAxis(samples[0].input.shape),
    );
    for (const [place, n] of group.entries()) restored[n] = outputs[place];
  }
  return samples.map((sample, n) => ({
    ...sample,
    restored: ndarray(restored[n], sample.input.shape),
  }));
}

/** Standard deviation of all values together. */
function spread(arrays: readonly Float32Array[]): number {
  const variance = new Variance();
  for (const array of arrays) variance.add(array, undefined);
  return Math.sqrt(variance.value);
}
