import type { Arm, Experiment } from './api.js';

/**
 * The comparison of Zhou et al. (2021, Models Genesis, section 4): training from scratch beside the proxy tasks that they
 * compare. Where the unlabelled volumes lie is `pretrainingOptions.images`.
 */
export const paperArms: Pick<Experiment, 'pretraining'> & {
  readonly arms: Readonly<Record<string, Partial<Arm>>>;
} = {
  arms: {
    scratch: {},
    denoising: { pretraining: 'denoising' },
    'in-painting': { pretraining: 'in-painting' },
    jigsaw: { pretraining: 'jigsaw' },
    'patch-shuffling': { pretraining: 'patch-shuffling' },
    'rubiks-cube': { pretraining: 'rubiks-cube' },
    genesis: { pretraining: 'genesis' },
  },
  pretraining: {
    denoising: { proxyTask: 'denoising' },
    'in-painting': { proxyTask: 'in-painting' },
    jigsaw: { proxyTask: 'jigsaw' },
    'patch-shuffling': { proxyTask: 'patch-shuffling' },
    'rubiks-cube': { proxyTask: 'rubiks-cube' },
    genesis: { proxyTask: 'genesis' },
  },
};
