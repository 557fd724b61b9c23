export type {
  CropPosition,
  CropRange,
  CropRule,
  CropSampler,
  CropSamplerOpts,
  DrawCropsOpts,
  DrawnCrops,
} from './api.js';
export { createCropSampler } from './create-crop-sampler.js';
export { crop } from './crop.js';
export { drawCrops } from './draw-crops.js';
export { otsuThreshold } from './otsu-threshold.js';
