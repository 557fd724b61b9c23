import type { TaskName, TaskOpts, VolumeOpts } from '@genesis/transforms';
import { z } from 'zod';
import { checkedSchema } from '../../config/checked-schema.js';
import { count, rate, triple } from '../../config/fields.js';

const range = z.tuple([rate, rate]);
const optional = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).optional();
const fill = z.union([rate, z.literal('noise')]).optional();

/**
 * The options of each proxy task, by its name: those of `@genesis/transforms`, all but how volumes lie in memory, which is
 * decided here.
 */
export type ProxyOpts = {
  readonly [N in TaskName]: Omit<TaskOpts[N], keyof VolumeOpts>;
};

const schemaOf = <N extends TaskName>() => checkedSchema<ProxyOpts[N]>();

/** A schema of each proxy task's options; exactly these, or it does not compile. */
export const proxySchemas = {
  genesis: schemaOf<'genesis'>()(
    z.strictObject({
      flip: optional({
        rate: rate.optional(),
        maxFlips: z.int().min(0).optional(),
        axes: z.array(z.literal([0, 1, 2, 'none'])).optional(),
      }),
      localShuffling: optional({
        rate: rate.optional(),
        windows: z.int().min(0).optional(),
        maxFraction: rate.optional(),
      }),
      bezierIntensity: optional({
        rate: rate.optional(),
        increasingRate: rate.optional(),
        curves: z.enum(['shared', 'per-channel']).optional(),
      }),
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
  ),
  identity: z.strictObject({}),
  denoising: schemaOf<'denoising'>()(
    z.strictObject({ sigma: z.tuple([z.number().min(0), z.number().min(0)]).optional() }),
  ),
  'in-painting': schemaOf<'in-painting'>()(
    z.strictObject({
      sides: range.optional(),
      place: z.enum(['random', 'center']).optional(),
      fill,
    }),
  ),
  jigsaw: schemaOf<'jigsaw'>()(
    z.strictObject({ grid: triple.optional(), permutations: count.optional() }),
  ),
  'patch-shuffling': schemaOf<'patch-shuffling'>()(
    z.strictObject({
      swaps: z.int().min(0).optional(),
      patch: triple.optional(),
    }),
  ),
  'rubiks-cube': schemaOf<'rubiks-cube'>()(
    z.strictObject({
      grid: triple.optional(),
      permutations: count.optional(),
      rotationRate: rate.optional(),
    }),
  ),
  rotation: z.strictObject({}),
  'masked-autoencoding': schemaOf<'masked-autoencoding'>()(
    z.strictObject({
      patch: triple.optional(),
      ratio: rate.optional(),
      layout: z.enum(['blocks', 'patches']).optional(),
      maxBlock: rate.optional(),
      fill,
    }),
  ),
};
