import { toCOrder } from '@genesis/core';
import type { NdArray } from 'ndarray';
import { type Connectivity, connectedComponents } from '../masks/connected-components.js';

export interface LesionOpts {
  /** Default 26. */
  readonly connectivity?: Connectivity;
  /** A lesion counts as found when more than this share of its voxels is predicted, 0…1. Default 0: one voxel is enough. */
  readonly overlap?: number;
}

/** How many connected parts two masks have in common. */
export interface LesionCounts {
  /** Parts of the truth. */
  readonly real: number;
  /** Parts of the truth that were found. */
  readonly found: number;
  /** Parts of the prediction. */
  readonly predicted: number;
  /** Parts of the prediction that hold no voxel of the truth. */
  readonly invented: number;
}

/**
 * Counts lesions: connected parts of the truth that the prediction finds, and those of the prediction that touch none. A prediction that
 * joins two lesions finds both; several that lie in one lesion find it once, and none is invented.
 *
 * @param truth - Not 0 inside; [x, y, z], any strides; only read.
 * @param predicted - Of the same shape.
 */
export function lesionCounts(
  truth: NdArray<Uint8Array>,
  predicted: NdArray<Uint8Array>,
  { connectivity = 26, overlap = 0 }: LesionOpts = {},
): LesionCounts {
  const [real, made] = [truth, predicted].map((mask) => connectedComponents(mask, connectivity));
  const [a, b] = [toCOrder(real.labels), toCOrder(made.labels)];
  const covered = new Float64Array(real.sizes.length);
  const touches = new Uint8Array(made.sizes.length);
  for (let n = 0; n < a.length; n++) {
    if (a[n] === 0 || b[n] === 0) continue;
    covered[a[n] - 1]++;
    touches[b[n] - 1] = 1;
  }
  return {
    real: real.sizes.length,
    found: real.sizes.filter((size, n) => covered[n] > overlap * size).length,
    predicted: made.sizes.length,
    invented: touches.filter((one) => one === 0).length,
  };
}

/** 2 · found / (2 · found + invented + missed); undefined where there are no lesions and none was predicted. */
export function lesionF1({ real, found, invented }: LesionCounts): number | undefined {
  const total = found + real + invented;
  return total === 0 ? undefined : (2 * found) / total;
}
