import type { Rng, Seed } from '@genesis/core';
import type { NdArray } from 'ndarray';

export type { Rng, RngState, Seed } from '@genesis/core';

/** Extent along x, y and z in voxels. */
export type Shape3 = readonly [number, number, number];

/** A float32 volume: rank 3 `[x, y, z]`, or rank 4 with a channel axis first or last. Any strides. */
export type VolumeArray = NdArray<Float32Array>;

/** Where the channels of a rank-4 volume are: `[c, x, y, z]` or `[x, y, z, c]`. */
export type ChannelAxis = 'first' | 'last';

/**
 * What to do with a volume whose voxels are not all in 0…1.
 *
 * - `refuse`: throw a `TransformsError` with code `range`.
 * - `rescale`: map the smallest and the largest finite voxel to 0 and 1; NaN and −∞ become 0, +∞
 *   becomes 1. A volume that is within 0…1 already is left as it is.
 */
export type RangePolicy = 'refuse' | 'rescale';

/** Options that every transform and task understands. */
export interface VolumeOpts {
  /** Layout of rank-4 volumes. @defaultValue 'last' */
  channelAxis?: ChannelAxis;
  /** @defaultValue 'refuse' */
  range?: RangePolicy;
}

/** Where `Transform.apply` writes. */
export interface ApplyOpts {
  /** Where to write the result: same shape as the volume, any strides; may be the volume itself. */
  out?: VolumeArray;
}

/**
 * A deformation: its random factors are drawn in one place and applied in another, so that they can
 * be logged, replayed, and taken from elsewhere.
 */
export interface Transform<F, O = unknown> {
  readonly name: string;
  /** The options in force, defaults filled in. */
  readonly opts: Readonly<O>;
  /**
   * Draws the factors for a volume of this shape (rank 3, or rank 4 with the channel axis). Plain
   * data: survives JSON.
   */
  draw(rng: Rng, shape: readonly number[]): F;
  /**
   * Applies factors. The volume is not changed unless `out` is the volume; without `out` a new
   * contiguous array is returned, which the caller owns.
   *
   * @throws TransformsError `shape`, `dtype`, `range` or `factors`
   */
  apply(volume: VolumeArray, factors: F, opts?: ApplyOpts): VolumeArray;
}

/** Axes to reverse, one after the other. */
export interface FlipFactors {
  axes: readonly (0 | 1 | 2)[];
}

/** Windows and permutations as a seed: window w and its permutation are functions of (seed, w). */
export interface SeededShuffling {
  /** Number of windows; 0 leaves the volume as it is. */
  count: number;
  /** Largest side of a window along each axis. */
  maxSize: Shape3;
  seed: Seed;
}

/** Windows and permutations given one by one. */
export interface ExplicitShuffling {
  /** x, y, z, size x, size y, size z of each window, in the order in which they are applied. */
  windows: ArrayLike<number>;
  /**
   * The permutations of all windows after one another, each as long as its window has voxels: voxel
   * j of the window (C order) receives original voxel `permutation[j]`.
   */
  permutations: ArrayLike<number>;
}

/** What `localShuffling` draws, or what was drawn elsewhere. */
export type LocalShufflingFactors = SeededShuffling | ExplicitShuffling;

/** A cubic Bézier curve from (0, 0) to (1, 1). */
export interface BezierCurve {
  /** x1, y1, x2, y2 of the two inner control points, each in 0…1. */
  points: readonly [number, number, number, number];
  /** True: intensities keep their order; false: they are inverted. */
  increasing: boolean;
}

/** What `bezierIntensity` draws. */
export interface BezierFactors {
  /** None: not applied. One: for all channels. As many as channels: one each. */
  curves: readonly BezierCurve[];
}

/** A box of voxels: first voxel and extent. */
export interface Box {
  start: Shape3;
  size: Shape3;
}

/** Noise in [0, 1): a seed, or the values themselves in C order. */
export type Noise = { seed: Seed } | { values: ArrayLike<number> };

/** A box and the noise that fills it; the noise is the same in all channels. */
export interface NoiseBox extends Box {
  noise: Noise;
}

/** What `inPainting` draws. */
export interface InPaintingFactors {
  /** Later boxes overwrite earlier ones; none: not applied. */
  boxes: readonly NoiseBox[];
}

/** What `outPainting` draws. */
export interface OutPaintingFactors {
  /** What is kept; none: not applied. */
  boxes: readonly Box[];
  /**
   * Noise outside the boxes, different in each channel. Values: one for every voxel, channel by
   * channel, those inside the boxes unused.
   */
  noise: Noise;
}

/** Classes and flags of one sample: a number, or a list of the same length in every sample. */
export type Labels = Record<string, number | readonly number[]>;

/**
 * What a label is, as plain data: what heads and losses must fit. In a batch it is an array of whole numbers `[n]` or
 * `[n, length]`.
 *
 * - `class`: `[n]`, one of 0 … `classes` − 1, for a softmax.
 * - `flags`: `[n, length]`, each 0 or 1 by itself, for a sigmoid.
 * - `patch-mask`: `[n, length]`, 1 for every hidden patch, in C order of `grid`. Not to be predicted: it says which voxels
 *   to score (`batchMask`).
 * - `box`: `[n, 6]`, start and size of the hidden box. Not to be predicted either.
 */
export type LabelKind =
  | { kind: 'class'; classes: number }
  | { kind: 'flags'; length: number }
  | { kind: 'patch-mask'; length: number; patch: Shape3; grid: Shape3 }
  | { kind: 'box'; length: 6 };

/** A training sample of a task. */
export interface Sample<F = unknown> {
  /** What the network sees. */
  input: VolumeArray;
  /** What it is to restore. */
  target: VolumeArray;
  labels?: Labels;
  /** What was drawn; plain data. */
  factors: F;
}

/** Where `ProxyTask.apply` and `make` write. */
export interface MakeOpts {
  /** Where to write; same shape as the crop, any strides, not the crop itself. */
  out?: { input: VolumeArray; target: VolumeArray };
}

/** A pretext task: turns a crop into a training sample. */
export interface ProxyTask<F = unknown> {
  readonly name: string;
  /**
   * What labels the samples of crops of this shape (rank 3, or rank 4 with the channel axis) carry, by name; empty for
   * tasks that only restore.
   *
   * @throws TransformsError `shape`
   */
  labelKinds(shape: readonly number[]): Readonly<Record<string, LabelKind>>;
  /** Draws the factors for a crop of this shape; plain data. */
  draw(rng: Rng, shape: readonly number[]): F;
  /**
   * Makes the sample that these factors say. Without `out`, input and target are new contiguous
   * arrays, which the caller owns. The crop is never changed.
   *
   * @throws TransformsError `shape`, `dtype`, `range` or `factors`
   */
  apply(crop: VolumeArray, factors: F, opts?: MakeOpts): Sample<F>;
  /** `draw`, then `apply`. */
  make(crop: VolumeArray, rng: Rng, opts?: MakeOpts): Sample<F>;
}
