import type { FormatReader } from '../common/api.js';
import { planReader } from '../common/plan-reader.js';
import { parseNpy } from './parse.js';

/** numpy's .npy, both orders, with volumes along the first axes. */
export const npyReader: FormatReader = planReader((source) => parseNpy(source, 'npy'));
