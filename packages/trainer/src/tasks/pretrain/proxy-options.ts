import type { TaskName, TaskOpts, VolumeOpts } from '@genesis/transforms';
import { z } from 'zod';
import { count, rate, triple } from '../../config/fields.js';

const range = z.tuple([rate, rate]);
const optional = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).optional();
const fill = z.union([rate, z.literal('noise')]).optional();

/** What a task's options are here: all but how volumes lie in memory, which the trainer decides. */
type Own<N extends TaskName> = Omit<TaskOpts[N], keyof VolumeOpts>;

/** A schema of plain data for each proxy task; with the options of `@genesis/transforms`, or it does not compile. */
export const proxySchemas = {
  genesis: z.strictObject({
    flip: optional({ rate: rate.optional(), maxFlips: z.int().min(0).optional() }),
    localShuffling: optional({
      rate: rate.optional(),
      windows: z.int().min(0).optional(),
      maxFraction: rate.optional(),
    }),
    bezierIntensity: optional({ rate: rate.optional(), increasingRate: rate.optional() }),
    paintRate: rate.optional(),
    inPaintRate: rate.optional(),
    inPainting: optional({
      maxBoxes: count.optional(),
      boxRate: rate.optional(),
      sides: range.optional(),
    }),
    outPainting: optional({
      maxBoxes: count.optional(),
      boxRate: rate.optional(),
      sides: range.optional(),
    }),
  }),
  identity: z.strictObject({}),
  denoising: z.strictObject({ sigma: z.tuple([z.number().min(0), z.number().min(0)]).optional() }),
  'in-painting': z.strictObject({
    sides: range.optional(),
    place: z.enum(['random', 'center']).optional(),
    fill,
  }),
  jigsaw: z.strictObject({ grid: triple.optional(), permutations: count.optional() }),
  'patch-shuffling': z.strictObject({
    swaps: z.int().min(0).optional(),
    patch: triple.optional(),
  }),
  'rubiks-cube': z.strictObject({
    grid: triple.optional(),
    permutations: count.optional(),
    rotationRate: rate.optional(),
  }),
  rotation: z.strictObject({}),
  'masked-autoencoding': z.strictObject({
    patch: triple.optional(),
    ratio: rate.optional(),
    layout: z.enum(['blocks', 'patches']).optional(),
    maxBlock: rate.optional(),
    fill,
  }),
} satisfies {
  [N in TaskName]: z.ZodType<Own<N>> & { readonly shape: Record<keyof Own<N>, unknown> };
};

/** The options of each proxy task, by its name. */
export type ProxyOpts = { readonly [N in TaskName]: z.input<(typeof proxySchemas)[N]> };
