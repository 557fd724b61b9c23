import type {
  BezierFactors,
  FlipFactors,
  InPaintingFactors,
  LocalShufflingFactors,
  OutPaintingFactors,
  ProxyTask,
  VolumeOpts,
} from '../api.js';
import { type BezierIntensityOpts, bezierIntensity } from '../deformations/bezier-intensity.js';
import { type FlipOpts, flip, reversed } from '../deformations/flip.js';
import { type InPaintingOpts, inPainting, paintInside } from '../deformations/in-painting.js';
import { type LocalShufflingOpts, localShuffling } from '../deformations/local-shuffling.js';
import { mapIntensities } from '../deformations/map-intensities.js';
import {
  markOutside,
  type OutPaintingOpts,
  outPainting,
  paintOutside,
} from '../deformations/out-painting.js';
import { checkRate } from '../deformations/rate.js';
import { shuffleWindows } from '../deformations/shuffle-windows.js';
import { defineTask } from './define-task.js';

/** The preset's options: each transform's own, and the choice of painting. */
export interface GenesisOpts extends VolumeOpts {
  flip: Omit<FlipOpts, keyof VolumeOpts>;
  localShuffling: Omit<LocalShufflingOpts, keyof VolumeOpts>;
  bezierIntensity: Omit<BezierIntensityOpts, keyof VolumeOpts>;
  inPainting: Omit<InPaintingOpts, keyof VolumeOpts | 'rate'>;
  outPainting: Omit<OutPaintingOpts, keyof VolumeOpts | 'rate'>;
  /** Probability that the crop is painted. @defaultValue 0.9 */
  paintRate: number;
  /** Probability that painting is in-painting, else it is out-painting. @defaultValue 0.2 */
  inPaintRate: number;
}

/** What `genesis` draws: the factors of each deformation. */
export interface GenesisFactors {
  flip: FlipFactors;
  localShuffling: LocalShufflingFactors;
  bezierIntensity: BezierFactors;
  inPainting: InPaintingFactors;
  outPainting: OutPaintingFactors;
}

/**
 * The deformations of Models Genesis with the rates, the order and the bounds of the reference
 * code: flip (crop and target), local shuffling, non-linear intensity, then in-painting or
 * out-painting.
 *
 * The same as applying the five transforms one after another, voxel for voxel, but what
 * out-painting will turn into noise is not computed first.
 */
export function genesis(options: Partial<GenesisOpts> = {}): ProxyTask<GenesisFactors> {
  const { channelAxis, range } = options;
  const volumeOpts = { channelAxis, range };
  const paintRate = checkRate(options.paintRate ?? 0.9, 'genesis: paintRate');
  const inPaintRate = checkRate(options.inPaintRate ?? 0.2, 'genesis: inPaintRate');
  const flipping = flip({ ...options.flip, ...volumeOpts });
  const shuffling = localShuffling({ ...options.localShuffling, ...volumeOpts });
  const bezier = bezierIntensity({ ...options.bezierIntensity, ...volumeOpts });
  const inner = inPainting({ ...options.inPainting, ...volumeOpts });
  const outer = outPainting({ ...options.outPainting, ...volumeOpts });
  const nothingInside = inPainting({ rate: 0, ...volumeOpts });
  const nothingOutside = outPainting({ rate: 0, ...volumeOpts });

  return defineTask<GenesisFactors>({
    name: 'genesis',
    opts: volumeOpts,
    draw(rng, shape) {
      const paint = rng.uniform() < paintRate;
      const inside = rng.uniform() < inPaintRate;
      return {
        flip: flipping.draw(rng, shape),
        localShuffling: shuffling.draw(rng, shape),
        bezierIntensity: bezier.draw(rng, shape),
        inPainting: (paint && inside ? inner : nothingInside).draw(rng, shape),
        outPainting: (paint && !inside ? outer : nothingOutside).draw(rng, shape),
      };
    },
    deform(workspace, factors) {
      const axes = reversed(factors.flip);
      if (axes !== 0) {
        workspace.flip(axes);
        workspace.original.set(workspace.result);
      }
      const masked = markOutside(workspace, factors.outPainting);
      shuffleWindows(workspace, factors.localShuffling, masked);
      mapIntensities(workspace, factors.bezierIntensity, masked);
      paintInside(workspace, factors.inPainting);
      if (masked) paintOutside(workspace, factors.outPainting);
      return undefined;
    },
  });
}
