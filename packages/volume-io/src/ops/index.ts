export { cropVolume } from './crop-volume.js';
export type {
  CtScheme,
  IntensityScheme,
  MrScheme,
  NormalizeOpts,
  PercentileScheme,
  ZScoreScheme,
} from './intensity-scheme.js';
export { normalizeIntensity } from './normalize-intensity.js';
export { type PadOpts, padVolume } from './pad-volume.js';
export { type RegionResampler, regionResampler } from './region-resampler.js';
export { reorient } from './reorient.js';
export { resampleLike } from './resample-like.js';
export type { ResampleOpts, VolumeGrid } from './resample-opts.js';
export { resampleToSpacing } from './resample-to-spacing.js';
export { straighten } from './straighten.js';
export { toOrder } from './to-order.js';
