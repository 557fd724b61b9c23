import type { TaskName } from '@genesis/transforms';
import type { Arm, Experiment } from './api.js';

const PROXY_TASKS: readonly TaskName[] = [
  'denoising',
  'in-painting',
  'jigsaw',
  'patch-shuffling',
  'rubiks-cube',
  'genesis',
];

/**
 * The comparison of Zhou et al. (2021, Models Genesis, section 4): training from scratch beside the proxy tasks that they
 * compare. Where the unlabelled volumes lie is `pretrainingOptions.images`.
 */
export const paperArms: Pick<Experiment, 'pretraining'> & {
  readonly arms: Readonly<Record<string, Partial<Arm>>>;
} = {
  arms: {
    scratch: {},
    ...Object.fromEntries(PROXY_TASKS.map((name) => [name, { pretraining: name }])),
  },
  pretraining: Object.fromEntries(PROXY_TASKS.map((name) => [name, { proxyTask: name }])),
};
