export { cropVolume } from './cropVolume.js';
export {
  type IntensityScheme,
  type NormalizeOpts,
  normalizeIntensity,
} from './normalizeIntensity.js';
export { type PadOpts, padVolume } from './padVolume.js';
export { reorient } from './reorient.js';
export { resampleLike } from './resampleLike.js';
export type { ResampleOpts, VolumeGrid } from './resampleOpts.js';
export { resampleToSpacing } from './resampleToSpacing.js';
export { toOrder } from './toOrder.js';
