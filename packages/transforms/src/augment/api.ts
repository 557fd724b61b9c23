import type { Rng } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { ChannelAxis, VolumeArray } from '../api.js';

/** Whole numbers, one a voxel: rank 3 `[x, y, z]`, or rank 4 for several maps, which lie where the image has its channels. */
export type LabelArray = NdArray<Uint8Array> | NdArray<Uint16Array> | NdArray<Int16Array>;

/** A field that moves with the image and is otherwise left alone. All volumes have the spatial shape of the image. */
export type Rider =
  /** Moves as the label does: masks, a second segmentation. */
  | { kind: 'label'; data: LabelArray }
  /** Moves as the image does: a distance map, a target to regress. */
  | { kind: 'image'; data: VolumeArray }
  /** `[n, 3]` places in voxels of the image, voxel centers at whole numbers. They may lie outside, and are never dropped. */
  | { kind: 'points'; data: NdArray<Float32Array> | NdArray<Float64Array> };

/** An image and what belongs to it. */
export interface Pair {
  /** Float32, any range, all voxels finite: rank 3, or rank 4 with channels (see `channelAxis`). Any strides. */
  image: VolumeArray;
  label?: LabelArray;
  riders?: Readonly<Record<string, Rider>>;
}

/** Options that every augmentation understands. */
export interface ChannelOpts {
  /** Where rank-4 arrays have their channels or maps: `[c, x, y, z]` or `[x, y, z, c]`. @defaultValue 'last' */
  channelAxis?: ChannelAxis;
}

/** Where `Augmentation.apply` writes. */
export interface PairApplyOpts {
  /**
   * Receives the image: the shape of the result, any strides; may be the pair's own array when the shape stays. A label or
   * rider that is not given is made new.
   */
  out?: { image?: VolumeArray; label?: LabelArray };
}

/** The result of `Augmentation.make`. */
export type AugmentedPair<F> = Pair & {
  /** What was drawn; plain data. */
  factors: F;
};

/**
 * A change of an image and of what belongs to it. Its random factors are drawn in one place and applied in another, so that
 * a sample can be logged and replayed.
 */
export interface Augmentation<F = unknown, O = unknown> {
  readonly name: string;
  /** The options in force, defaults filled in. */
  readonly opts: Readonly<O>;
  /**
   * Draws the factors for an image of this shape (rank 3, or rank 4 with the channel axis). Plain data: survives JSON.
   *
   * @throws TransformsError `shape`
   */
  draw(rng: Rng, shape: readonly number[]): F;
  /** The shape of the image after these factors. */
  outShape(shape: readonly number[], factors: F): readonly number[];
  /**
   * Applies factors. The pair is not changed unless `out` is part of it; arrays that are made are C-contiguous and the
   * caller's.
   *
   * @throws TransformsError `shape`, `dtype` or `factors`
   */
  apply(pair: Pair, factors: F, opts?: PairApplyOpts): Pair;
  /** `draw`, then `apply`. */
  make(pair: Pair, rng: Rng, opts?: PairApplyOpts): AugmentedPair<F>;
}

/** Smallest and largest value; drawn evenly between. One number is that number. */
export type Range = number | readonly [number, number];

/** Options of augmentations that treat each channel by itself. */
export interface IntensityOpts extends ChannelOpts {
  /** Probability that the image is changed at all. @defaultValue 1 */
  rate?: number;
  /** Probability of each channel, when the image is changed. @defaultValue 1 */
  channelRate?: number;
  /** `alike`: one draw for all channels; `each`: a draw for each. @defaultValue 'each' */
  channels?: 'alike' | 'each';
}

/** Factors of augmentations that treat each channel by itself: one entry a channel, null where it is left as it is. */
export interface ChannelFactors<F> {
  channels: readonly (F | null)[];
}
