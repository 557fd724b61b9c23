import { z } from 'zod';
import { checkedSchema } from '../../../config/checked-schema.js';
import { count, rate, triple } from '../../../config/fields.js';
import type { AugmentOpts } from './api.js';

const axis = z.literal([0, 1, 2]);
const axes = z.array(axis).optional();
const mode = z.enum(['alike', 'each']).optional();
const pair = z.tuple([z.number(), z.number()]);
const span = z.union([z.number(), pair]);
const range = span.optional();
/** For all axes, or for each. */
const ranges = z.union([z.number(), pair, z.tuple([span, span, span])]).optional();
const sides = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])]).optional();
const points = z.union([count, triple]).optional();
const chance = rate.optional();
const optional = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).optional();

/** Of augmentations that treat each channel by itself. */
const channels = { rate: chance, channelRate: chance, channels: mode };
const preset = { mirrorAxes: axes, acrossAxis: axis.optional() };

const schemaOf = <N extends keyof AugmentOpts>() => checkedSchema<AugmentOpts[N]>();

/** A schema of each augmentation's options; exactly these, or it does not compile. */
export const optsSchemas = {
  spatial: schemaOf<'spatial'>()(
    z.strictObject({
      rotation: optional({ rate: chance, angle: ranges, axisRate: chance }),
      scaling: optional({ rate: chance, factor: ranges, alikeRate: chance }),
      translation: optional({ rate: chance, voxels: ranges }),
      shear: optional({ rate: chance, amount: ranges }),
      elastic: optional({
        rate: chance,
        controlPoints: points,
        displacement: sides,
        locked: axis.optional(),
      }),
      acrossAxis: axis.optional(),
      order: z.literal([0, 1, 3]).optional(),
      labels: z.enum(['majority', 'nearest']).optional(),
      border: z.enum(['constant', 'nearest', 'reflect']).optional(),
      fill: z.union([z.number(), z.literal('minimum')]).optional(),
    }),
  ),
  mirror: schemaOf<'mirror'>()(z.strictObject({ axes, rate: chance })),
  transposition: schemaOf<'transposition'>()(z.strictObject({ axes, rate: chance })),
  'gaussian-noise': schemaOf<'gaussian-noise'>()(z.strictObject({ ...channels, sigma: range })),
  'rician-noise': schemaOf<'rician-noise'>()(z.strictObject({ ...channels, sigma: range })),
  'gaussian-blur': schemaOf<'gaussian-blur'>()(
    z.strictObject({ ...channels, sigma: range, axes: mode, skipAxis: axis.optional() }),
  ),
  sharpening: schemaOf<'sharpening'>()(
    z.strictObject({ ...channels, strength: range, clampRate: chance }),
  ),
  brightness: schemaOf<'brightness'>()(
    z.strictObject({ ...channels, factor: range, shift: range }),
  ),
  contrast: schemaOf<'contrast'>()(
    z.strictObject({ ...channels, factor: range, keepRange: z.boolean().optional() }),
  ),
  gamma: schemaOf<'gamma'>()(
    z.strictObject({ ...channels, gamma: range, invertRate: chance, keepStatsRate: chance }),
  ),
  'low-resolution': schemaOf<'low-resolution'>()(
    z.strictObject({ ...channels, scale: range, axes: mode, skipAxis: axis.optional() }),
  ),
  'bias-field': schemaOf<'bias-field'>()(
    z.strictObject({ ...channels, coefficients: range, order: count.optional() }),
  ),
  'histogram-shift': schemaOf<'histogram-shift'>()(z.strictObject({ ...channels, points: range })),
  'cut-out': schemaOf<'cut-out'>()(
    z.strictObject({
      ...channels,
      boxes: range,
      sides: range,
      fill: z.union([z.literal('mean'), z.number(), pair]).optional(),
    }),
  ),
  'window-jitter': schemaOf<'window-jitter'>()(
    z.strictObject({ ...channels, center: range, width: range, output: pair.optional() }),
  ),
  ghosting: schemaOf<'ghosting'>()(
    z.strictObject({
      ...channels,
      ghosts: range,
      axes,
      intensity: range,
      restore: z.union([z.number(), pair, z.null()]).optional(),
    }),
  ),
  spikes: schemaOf<'spikes'>()(z.strictObject({ ...channels, spikes: range, intensity: range })),
  motion: schemaOf<'motion'>()(
    z.strictObject({
      ...channels,
      movements: count.optional(),
      angle: range,
      translation: range,
      axes,
    }),
  ),
  nnunet: schemaOf<'nnunet'>()(z.strictObject(preset)),
  'nnunet-no-mirror': schemaOf<'nnunet-no-mirror'>()(
    z.strictObject({ acrossAxis: axis.optional() }),
  ),
  light: schemaOf<'light'>()(z.strictObject(preset)),
  'torchio-mr': schemaOf<'torchio-mr'>()(z.strictObject({ ...preset, artifactRate: chance })),
};
