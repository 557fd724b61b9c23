import type { ReadonlyVec3 } from '@genesis/core';
import type { Preparation } from '../preprocessing/prepare-volume.js';

/** What decides the shape of a network, apart from its input and its last layer. */
export interface NetworkConfig {
  /** Channels of the first level, at least 1. */
  readonly width: number;
  /** Resolutions of the U-Net, at least 1. */
  readonly levels: number;
  readonly activation: 'relu' | 'leakyRelu' | 'elu';
  readonly norm: 'batch' | 'batchRunning' | 'instance' | 'group';
  readonly upsampling: 'transposed' | 'repeat';
  /** Which reference the small constants come from: epsilon, momentum, how kernels start. */
  readonly variant: 'pytorch' | 'keras';
  /** 'unet', the default, or nnU-Net's U-Net with a residual encoder, of which `levels` are the stages. */
  readonly architecture?: 'unet' | 'residual';
  /** Whether the decoder is given what the encoder had at each resolution; the default. */
  readonly skips?: boolean;
}

/** What the cards of all kinds have in common. A card is plain data and stands in the file of the weights. */
export interface CardBase {
  /** Version of the card's format. */
  readonly version: 1;
  /** What the model is for; decides which fields there are beside these. */
  readonly kind: string;
  readonly network: NetworkConfig;
  /** Sides of the network's input in voxels. */
  readonly crop: ReadonlyVec3;
  /** What is done to a volume before the network sees it. */
  readonly preparation: Preparation;
  /** What the training volumes were like; left out of cards from before it was recorded. */
  readonly training?: TrainingProfile;
}

/** What the volumes of a training were like before they were resampled, along the axes that the network sees. */
export interface TrainingProfile {
  /** The smallest, the median and the largest side of a voxel along each axis, in mm. */
  readonly least: ReadonlyVec3;
  readonly median: ReadonlyVec3;
  readonly most: ReadonlyVec3;
  /** 'CT', 'MR', … as the files say; none where they do not. */
  readonly modalities: readonly string[];
}

/** A network that restores deformed crops, a value in 0…1 for each voxel and channel; or one that says what was done to a crop. */
export interface PretrainCard extends CardBase {
  readonly kind: 'pretrain';
  /** What the network tells of a crop, an output each; left out where it restores. */
  readonly labels?: readonly LabelHead[];
  /** Whether an output tells where in the body each voxel lies; see `withVoxelHeads`. */
  readonly places?: boolean;
  /** Of how many regions an output tells each voxel, the background included; left out where none does. */
  readonly regions?: number;
}

/** An output that tells a label of a whole crop. */
export interface LabelHead {
  readonly name: string;
  /** 'class': one of `size` classes, their probabilities by softmax. 'flags': `size` probabilities, each by itself. */
  readonly kind: 'class' | 'flags';
  /** At least 1. */
  readonly size: number;
}

/** A class of a segmentation. */
export interface LabelClass {
  /** Its value in label volumes, a whole number. */
  readonly value: number;
  readonly name: string;
}

/** A network that gives the probability of each class for each voxel. */
export interface SegmentationCard extends CardBase {
  readonly kind: 'segmentation';
  /** In the order of the network's outputs, at least two; the first is the background. */
  readonly classes: readonly LabelClass[];
}

/** A class of a classification. */
export interface NamedClass {
  /** Its text in the table of classes. */
  readonly value: string;
  readonly name: string;
}

/** A network that gives the probability of each class for a whole volume. */
export interface ClassificationCard extends CardBase {
  readonly kind: 'classification';
  /** In the order of the network's outputs, at least two. */
  readonly classes: readonly NamedClass[];
  /** How volumes of other sizes are brought to `crop`; see fitVolume. */
  readonly fit: 'center' | 'resize';
}

/**
 * The kinds of cards by their names. Who registers a kind of model adds it here, and `ModelCard` has it too:
 *
 * ```ts
 * declare module '@genesis/inference' {
 *   interface ModelCards { age: AgeCard }
 * }
 * ```
 */
export interface ModelCards {
  pretrain: PretrainCard;
  segmentation: SegmentationCard;
  classification: ClassificationCard;
}

/** Everything that is needed to use weights: a union that `kind` tells apart. */
export type ModelCard = ModelCards[keyof ModelCards];
