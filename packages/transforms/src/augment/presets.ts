import type { Shape3 } from '../api.js';
import type { Augmentation, ChannelOpts } from './api.js';
import { biasField } from './bias-field.js';
import { brightness } from './brightness.js';
import { chain } from './chain.js';
import { contrast } from './contrast.js';
import { gamma } from './gamma.js';
import { gaussianBlur } from './gaussian-blur.js';
import { gaussianNoise } from './gaussian-noise.js';
import { ghosting } from './ghosting.js';
import { lowResolution } from './low-resolution.js';
import { mirror } from './mirror.js';
import { motion } from './motion.js';
import { oneOf } from './one-of.js';
import { spatial } from './spatial/spatial.js';
import { spikes } from './spikes.js';

/** Options of the presets. */
export interface PresetOpts extends ChannelOpts {
  /** Shape of the crop in voxels. @defaultValue the image's shape */
  patch?: Shape3;
  /**
   * Where the crop's middle is: in the image's middle, or anywhere so that the crop, unturned, lies within the image.
   * @defaultValue 'center'
   */
  place?: 'center' | 'random';
  /** Axes that may be reversed. @defaultValue [0, 1, 2] */
  mirrorAxes?: readonly (0 | 1 | 2)[];
  /**
   * For volumes whose slices are thick: the axis across them. Turns are about this axis alone and by any angle, nothing is
   * resampled across it. nnU-Net does so when the patch is more than three times as long within a slice as across.
   * @defaultValue none
   */
  acrossAxis?: 0 | 1 | 2;
  /** The label beyond the image. @defaultValue 0 */
  labelFill?: number;
}

const HALF_TURN = Math.PI;

/** Options that were given, without those that were not. */
const given = <T extends object>(opts: T): T =>
  Object.fromEntries(Object.entries(opts).filter(([, value]) => value !== undefined)) as T;

/**
 * The augmentation of nnU-Net v2's default trainer, with its rates and ranges (Isensee et al., Nature Methods 2021;
 * `nnUNetTrainer.get_training_transforms`). For images of zero mean and unit deviation.
 */
export function nnunet(options: PresetOpts = {}): Augmentation {
  const { patch, place, acrossAxis, labelFill, channelAxis, mirrorAxes = [0, 1, 2] } = options;
  const base = given({ channelAxis });
  const angle = acrossAxis === undefined ? HALF_TURN / 6 : HALF_TURN;
  return chain(
    spatial({
      ...base,
      ...given({ patch, place, acrossAxis, labelFill }),
      rotation: { rate: 0.2, angle: [-angle, angle] },
      scaling: { rate: 0.2, factor: [0.7, 1.4], alikeRate: 1 },
    }),
    gaussianNoise({ ...base, rate: 0.1, sigma: [0, 0.1], channels: 'alike' }),
    gaussianBlur({ ...base, rate: 0.2, channelRate: 0.5, sigma: [0.5, 1] }),
    brightness({ ...base, rate: 0.15, factor: [0.75, 1.25] }),
    contrast({ ...base, rate: 0.15, factor: [0.75, 1.25], keepRange: true }),
    lowResolution({
      ...base,
      ...given({ skipAxis: acrossAxis }),
      rate: 0.25,
      channelRate: 0.5,
      scale: [0.5, 1],
    }),
    gamma({ ...base, rate: 0.1, gamma: [0.7, 1.5], invertRate: 1 }),
    gamma({ ...base, rate: 0.3, gamma: [0.7, 1.5], invertRate: 0 }),
    mirror({ ...base, axes: mirrorAxes }),
  );
}

/** nnU-Net's augmentation without mirroring, for bodies whose sides differ (its `nnUNetTrainerNoMirroring`). */
export const nnunetNoMirror = (options: Omit<PresetOpts, 'mirrorAxes'> = {}): Augmentation =>
  nnunet({ ...options, mirrorAxes: [] });

/** A weak augmentation: small turns and scales, small changes of intensity, mirroring. For few epochs, or to start from. */
export function light(options: PresetOpts = {}): Augmentation {
  const { patch, place, acrossAxis, labelFill, channelAxis, mirrorAxes = [0, 1, 2] } = options;
  const base = given({ channelAxis });
  const angle = HALF_TURN / 12;
  return chain(
    spatial({
      ...base,
      ...given({ patch, place, acrossAxis, labelFill }),
      rotation: { rate: 0.2, angle: [-angle, angle] },
      scaling: { rate: 0.2, factor: [0.85, 1.15], alikeRate: 1 },
    }),
    gaussianNoise({ ...base, rate: 0.1, sigma: [0, 0.05], channels: 'alike' }),
    brightness({ ...base, rate: 0.15, factor: [0.9, 1.1] }),
    contrast({ ...base, rate: 0.15, factor: [0.9, 1.1] }),
    gamma({ ...base, rate: 0.15, gamma: [0.8, 1.25] }),
    mirror({ ...base, axes: mirrorAxes }),
  );
}

/** Options of `torchioMr`. */
export interface TorchioMrOpts extends PresetOpts {
  /** Probability of ghosts or spikes, one of the two. @defaultValue 0 */
  artifactRate?: number;
}

/**
 * Augmentation for magnetic resonance images as in the tutorial of TorchIO (Pérez-García et al., 2021), with its rates and
 * the defaults of its transforms, in voxels instead of millimeters: motion, bias field, noise, a flip, and an affine or an
 * elastic deformation. For images of zero mean and unit deviation.
 */
export function torchioMr(options: TorchioMrOpts = {}): Augmentation {
  const { patch, place, acrossAxis, labelFill, channelAxis } = options;
  const { mirrorAxes = [0], artifactRate = 0 } = options;
  const base = given({ channelAxis });
  const cut = given({ patch, place, acrossAxis, labelFill });
  const crop = { ...base, ...cut, fill: 'minimum' as const };
  const angle = HALF_TURN / 18;
  return chain(
    motion({ ...base, rate: 0.2, movements: 2 }),
    oneOf([ghosting({ ...base }), spikes({ ...base })], { rate: artifactRate }),
    biasField({ ...base, rate: 0.3 }),
    gaussianNoise({ ...base, rate: 0.5, sigma: [0, 0.25], channels: 'alike' }),
    mirror({ ...base, axes: mirrorAxes }),
    oneOf(
      [
        spatial({
          ...crop,
          labels: 'nearest',
          rotation: { angle: [-angle, angle] },
          scaling: { factor: [0.9, 1.1], alikeRate: 0 },
        }),
        spatial({
          ...crop,
          labels: 'nearest',
          elastic: { controlPoints: 7, displacement: 7.5, locked: 2 },
        }),
      ],
      { weights: [0.8, 0.2] },
    ),
  );
}
