import type { Volume } from '../voxels/volume.js';
import type { DrawCropsOpts, DrawnCrops } from './api.js';
import { createCropSampler } from './create-crop-sampler.js';
import { crop } from './crop.js';

/**
 * Draws positions, then copies the crops out: createCropSampler, draw and crop in one call. The same volume, options
 * and random numbers give the same crops. Gives fewer than `count`, or none, when the rule accepts too few places.
 * Throws VolumeIoError 'bad-argument' as createCropSampler does.
 */
export function drawCrops(volume: Volume, opts: DrawCropsOpts): DrawnCrops {
  const sampler = createCropSampler(volume, opts);
  const positions = sampler.draw(opts.count, opts.random);
  return { positions, crops: positions.map((p) => crop(volume, p, sampler.size)) };
}
