import { toCOrder } from '@genesis/core';
import type { Volume } from '@genesis/volume-io';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import ndarray, { type NdArray } from 'ndarray';
import type { ModelCard } from '../card/api.js';
import { requireKind } from '../card/require-kind.js';
import { classifyVolume } from '../classify/classify-volume.js';
import { InferenceError } from '../errors.js';
import { meanOfNetworks, type Network, networkOf } from '../model/network.js';
import { inputChannels } from '../preprocessing/input-channels.js';
import { firstVolume, type Image } from '../preprocessing/prepare-channels.js';
import { labelVolume } from '../segment/label-volume.js';
import { type SegmentOpts, segmentVolume } from '../segment/segment-volume.js';

export interface PrepareOpts {
  /** What to do with NaN and infinities in the volume. Default: what the card says. */
  readonly nonFinite?: 'error' | 'zero';
}

/** How probable a class is. */
export interface ClassProbability {
  /** Name of the class in the card. */
  readonly name: string;
  /** 0…1; those of all classes add up to 1. */
  readonly probability: number;
}

/** A trained model, ready to be applied to volumes that are prepared as in its training. */
export class Predictor {
  /** What is applied to prepared crops: the mean over the models. */
  readonly network: Network;

  /**
   * @param models - One, or several of which the mean is taken; all are described by `card`. They are the predictor's from
   *   now on.
   */
  constructor(
    readonly card: ModelCard,
    private readonly models: readonly LayersModel[],
  ) {
    this.network = meanOfNetworks(models.map((model) => networkOf(model, card.crop)));
  }

  /**
   * Labels the voxels of a volume.
   *
   * @param image - A volume of any size, orientation and voxel size, or one for each channel of the card, undefined for one that
   *   is missing; only read. Its memory is not held while the network works.
   * @returns The label map in the volume's own geometry; see labelVolume.
   * @throws InferenceError 'wrong-kind' unless the model is one of segmentation, 'non-finite', 'bad-argument'.
   */
  async segment(image: Image, opts: SegmentOpts & PrepareOpts = {}): Promise<Volume> {
    const card = withOpts(requireKind(this.card, 'segmentation'), opts);
    const { affine, orientation, header } = firstVolume(image);
    // Not awaited here, so that the volume's memory can be free while the network works.
    return segmentVolume(image, this.network, card, opts).then((segmentation) =>
      labelVolume(segmentation, card, { affine, orientation, header }),
    );
  }

  /**
   * Says how probable each class is for a volume.
   *
   * @param image - As in segment.
   * @returns In the order of the card's classes.
   * @throws InferenceError 'wrong-kind' unless the model is one of classification, 'non-finite'.
   */
  async classify(image: Image, opts: PrepareOpts = {}): Promise<ClassProbability[]> {
    const card = withOpts(requireKind(this.card, 'classification'), opts);
    const probabilities = await classifyVolume(image, this.network, card);
    return card.classes.map(({ name }, n) => ({ name, probability: probabilities[n] }));
  }

  /**
   * Restores deformed crops, as the model has learnt in pre-training.
   *
   * @param crops - Of the card's shape, with a last axis for the channels where it names several; intensities in 0…1 as prepareVolume gives them, any strides; only read. They
   *   are one batch: a network with batch statistics normalizes them together.
   * @returns Of the same shape, C order.
   * @throws InferenceError 'wrong-kind' unless the model is one of pre-training, 'bad-argument' for crops of another shape.
   */
  async restore(crops: readonly NdArray<Float32Array>[]): Promise<NdArray<Float32Array>[]> {
    const { crop, preparation } = requireKind(this.card, 'pretrain');
    const channels = inputChannels(preparation);
    const wanted = channels === 1 ? [...crop] : [...crop, channels];
    for (const { shape } of crops) {
      if (shape.join() === wanted.join()) continue;
      throw new InferenceError(
        'bad-argument',
        `a crop has ${shape.join('×')} voxels, but the network takes ${wanted.join('×')}`,
      );
    }
    const outputs = await this.network(crops.map((one) => toCOrder(one)));
    return outputs.map((output) => ndarray(Float32Array.from(output), [...wanted]));
  }

  /** Frees the models' memory. */
  dispose(): void {
    for (const model of this.models) model.dispose();
  }
}

/** The card with another way to treat NaN and infinities, if one is asked for. */
function withOpts<C extends ModelCard>(card: C, { nonFinite }: PrepareOpts): C {
  if (nonFinite === undefined) return card;
  return { ...card, preparation: { ...card.preparation, nonFinite } };
}
