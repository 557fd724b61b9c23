import { TransformsError } from '../errors.js';
import type { Augmentation } from './api.js';
import { type BiasFieldOpts, biasField } from './bias-field.js';
import { type BrightnessOpts, brightness } from './brightness.js';
import { chain } from './chain.js';
import { type ContrastOpts, contrast } from './contrast.js';
import { type CutOutOpts, cutOut } from './cut-out.js';
import { type GammaOpts, gamma } from './gamma.js';
import { type GaussianBlurOpts, gaussianBlur } from './gaussian-blur.js';
import { type GaussianNoiseOpts, gaussianNoise } from './gaussian-noise.js';
import { type GhostingOpts, ghosting } from './ghosting.js';
import { type HistogramShiftOpts, histogramShift } from './histogram-shift.js';
import { type LowResolutionOpts, lowResolution } from './low-resolution.js';
import { type MirrorOpts, mirror } from './mirror.js';
import { type MotionOpts, motion } from './motion.js';
import { type OneOfOpts, oneOf } from './one-of.js';
import {
  light,
  nnunet,
  nnunetNoMirror,
  type PresetOpts,
  type TorchioMrOpts,
  torchioMr,
} from './presets.js';
import { type RicianNoiseOpts, ricianNoise } from './rician-noise.js';
import { type SharpeningOpts, sharpening } from './sharpening.js';
import type { SpatialOpts } from './spatial/api.js';
import { spatial } from './spatial/spatial.js';
import { type SpikesOpts, spikes } from './spikes.js';
import { type TranspositionOpts, transposition } from './transposition.js';
import { type WindowJitterOpts, windowJitter } from './window-jitter.js';

/** The options of each augmentation by its name; all plain data. */
export interface AugmentationOpts {
  spatial: SpatialOpts;
  mirror: MirrorOpts;
  transposition: TranspositionOpts;
  'gaussian-noise': GaussianNoiseOpts;
  'rician-noise': RicianNoiseOpts;
  'gaussian-blur': GaussianBlurOpts;
  sharpening: SharpeningOpts;
  brightness: BrightnessOpts;
  contrast: ContrastOpts;
  gamma: GammaOpts;
  'low-resolution': LowResolutionOpts;
  'bias-field': BiasFieldOpts;
  'histogram-shift': HistogramShiftOpts;
  'cut-out': CutOutOpts;
  'window-jitter': WindowJitterOpts;
  ghosting: GhostingOpts;
  spikes: SpikesOpts;
  motion: MotionOpts;
  nnunet: PresetOpts;
  'nnunet-no-mirror': Omit<PresetOpts, 'mirrorAxes'>;
  light: PresetOpts;
  'torchio-mr': TorchioMrOpts;
}

/** The names that `createAugmentation` knows beside `compose` and `one-of`. */
export type AugmentationName = keyof AugmentationOpts;

/** An augmentation as plain data, as a configuration file or a worker holds it. */
export type AugmentationSpec =
  | { [N in AugmentationName]: { name: N; opts?: AugmentationOpts[N] } }[AugmentationName]
  | { name: 'compose'; steps: readonly AugmentationSpec[] }
  | { name: 'one-of'; steps: readonly AugmentationSpec[]; opts?: OneOfOpts };

const factories: { [N in AugmentationName]: (opts?: AugmentationOpts[N]) => unknown } = {
  spatial,
  mirror,
  transposition,
  'gaussian-noise': gaussianNoise,
  'rician-noise': ricianNoise,
  'gaussian-blur': gaussianBlur,
  sharpening,
  brightness,
  contrast,
  gamma,
  'low-resolution': lowResolution,
  'bias-field': biasField,
  'histogram-shift': histogramShift,
  'cut-out': cutOut,
  'window-jitter': windowJitter,
  ghosting,
  spikes,
  motion,
  nnunet,
  'nnunet-no-mirror': nnunetNoMirror,
  light,
  'torchio-mr': torchioMr,
};

/** All names that `createAugmentation` knows beside `compose` and `one-of`. */
export const augmentationNames = Object.freeze(
  Object.keys(factories),
) as readonly AugmentationName[];

/**
 * Makes an augmentation from plain data.
 *
 * @throws TransformsError `unknown-augmentation` or `option`
 */
export function createAugmentation(spec: AugmentationSpec): Augmentation {
  if (spec.name === 'compose' || spec.name === 'one-of') {
    const steps = spec.steps.map(createAugmentation);
    if (spec.name === 'one-of') return oneOf(steps, spec.opts);
    if (steps.length === 0) throw new TransformsError('option', 'compose: give an augmentation.');
    return chain(...steps);
  }
  if (!Object.hasOwn(factories, spec.name)) {
    throw new TransformsError(
      'unknown-augmentation',
      `There is no augmentation '${spec.name}'; choose from ${augmentationNames.join(', ')}, compose, one-of.`,
      { augmentation: spec.name },
    );
  }
  const create = factories[spec.name] as (opts?: object) => Augmentation;
  return create(spec.opts);
}
