export {
  type IntensityScheme,
  type NormalizeOpts,
  normalizeIntensity,
} from './normalizeIntensity.js';
export { toOrder } from './toOrder.js';
