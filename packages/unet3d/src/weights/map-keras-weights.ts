import type { NamedTensorLikes } from '../api.js';
import { type MappedWeights, mapEach, type Place } from './mapped-weights.js';

const FIELDS: Record<string, string> = {
  gamma: 'gamma',
  beta: 'beta',
  moving_mean: 'movingMean',
  moving_variance: 'movingVariance',
};

/**
 * The reference's Keras names (`depth_7_conv/kernel:0`, `depth_7_bn/gamma:0`, `conv3d_1/kernel:0`)
 * to ours. Keras keeps kernels as [d, h, w, in, out] whatever the data format of the model, so both
 * channel orders read the same. Any width and number of levels.
 */
export function mapKerasWeights(tensors: NamedTensorLikes): MappedWeights {
  const layers = new Set([...tensors.keys()].map((name) => split(name).layer));
  const depths = [...layers].filter((layer) => /^depth_\d+_conv$/.test(layer)).length;
  // 2 convolutions a level on the way down, 2 for each level but the deepest on the way up.
  const levels = (depths + 2) / 4;
  const ups = [...layers].filter((layer) => /^conv3d_transpose(_\d+)?$/.test(layer)).sort(byNumber);
  return mapEach(tensors, (name) => placeOf(name, levels, ups));
}

function placeOf(name: string, levels: number, ups: string[]): Place | string {
  const { layer, field } = split(name);
  if (/^conv3d(_\d+)?$/.test(layer)) return { name: `head.conv.${field}` };
  const up = ups.indexOf(layer);
  if (up >= 0) return { name: `decoder.${levels - 2 - up}.up.${field}` };
  const match = /^depth_(\d+)_(conv|bn|in)$/.exec(layer);
  if (!match || !Number.isInteger(levels)) return 'not a name of the reference network';
  const depth = Number(match[1]);
  const unit = depth % 2 === 0 ? 'a' : 'b';
  const stage =
    depth < 2 * levels
      ? `encoder.${depth >> 1}`
      : `decoder.${levels - 2 - ((depth - 2 * levels) >> 1)}`;
  if (match[2] === 'conv') return { name: `${stage}.${unit}.conv.${field}` };
  const norm = FIELDS[field];
  return norm ? { name: `${stage}.${unit}.norm.${norm}` } : 'not a name of the reference network';
}

/** `model/depth_0_conv/kernel:0` → layer depth_0_conv, field kernel. */
function split(name: string): { layer: string; field: string } {
  const parts = name.split('/');
  const field = parts[parts.length - 1].replace(/:\d+$/, '');
  return { layer: parts[parts.length - 2] ?? '', field };
}

function byNumber(a: string, b: string): number {
  const number = (layer: string): number => Number(/_(\d+)$/.exec(layer)?.[1] ?? 0);
  return number(a) - number(b);
}
