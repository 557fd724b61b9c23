import type { OperationCase } from '../api.js';
import { convolutions } from './convolution.js';
import { activations, layouts, resizings } from './elementwise.js';
import { losses } from './losses.js';
import { normalizations } from './normalization.js';

export { kernels } from './kernels.js';

/** The operations that every engine must compute alike, by kind. */
export const operations: Readonly<Record<string, readonly OperationCase[]>> = {
  convolutions,
  normalizations,
  activations,
  resizings,
  layouts,
  losses,
};
