export type {
  CropPosition,
  CropRange,
  CropRule,
  CropSampler,
  CropSamplerOpts,
  DrawCropsOpts,
  DrawnCrops,
} from './api.js';
export { createCropSampler } from './createCropSampler.js';
export { crop } from './crop.js';
export { drawCrops } from './drawCrops.js';
export { otsuThreshold } from './otsuThreshold.js';
