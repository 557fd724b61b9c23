import type { AugmentationName, AugmentationOpts, OneOfOpts } from '@genesis/transforms';

/** What a training decides by itself: the crop, where it lies, and how arrays lie in memory. */
export type DecidedByTraining = 'patch' | 'place' | 'margin' | 'channelAxis' | 'labelFill';

/** The options of each augmentation by its name: those of `@genesis/transforms` that are left to the user. */
export type AugmentOpts = {
  readonly [N in AugmentationName]: Omit<AugmentationOpts[N], DecidedByTraining>;
};

/** One augmentation: a name, a name with options, or several of which one is chosen or all are done. */
export type AugmentStep =
  | AugmentationName
  | {
      readonly [N in AugmentationName]: { readonly name: N; readonly opts?: AugmentOpts[N] };
    }[AugmentationName]
  | {
      readonly name: 'one-of';
      readonly steps: readonly AugmentStep[];
      readonly opts?: OneOfOpts;
    }
  | { readonly name: 'compose'; readonly steps: readonly AugmentStep[] };

/**
 * How training samples are varied: not at all ('none'); mirrored along `flipAxes` and with a gently bent contrast at
 * `intensityRate` ('basic'); or by augmentations of `@genesis/transforms`, one after another.
 */
export type AugmentChoice = 'none' | 'basic' | AugmentStep | readonly AugmentStep[];
