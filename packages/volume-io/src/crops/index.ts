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
export { type CubeCache, type CubeCacheOpts, openCubeCache } from './cubeCache.js';
export type { CubeCacheEntry } from './cubeIndex.js';
export { drawCrops } from './drawCrops.js';
export { otsuThreshold } from './otsuThreshold.js';
