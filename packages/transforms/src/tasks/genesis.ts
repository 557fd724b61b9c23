import type {
  BezierFactors,
  FlipFactors,
  InPaintingFactors,
  LocalShufflingFactors,
  OutPaintingFactors,
  ProxyTask,
  VolumeOpts,
} from '../api.js';
import { copyGrid } from '../grid/copyGrid.js';
import { voxels } from '../grid/grid.js';
import { rescaleGrid } from '../grid/range.js';
import { type BezierIntensityOpts, bezierIntensity } from '../transforms/bezierIntensity.js';
import { type FlipOpts, flip, flippedView } from '../transforms/flip.js';
import { type InPaintingOpts, inPainting, paintBoxes } from '../transforms/inPainting.js';
import { type LocalShufflingOpts, localShuffling } from '../transforms/localShuffling.js';
import { mapIntensity } from '../transforms/mapIntensity.js';
import {
  markOutside,
  type OutPaintingOpts,
  outPainting,
  paintMask,
} from '../transforms/outPainting.js';
import { checkRate } from '../transforms/rate.js';
import { createShuffler } from '../transforms/shuffleWindows.js';
import { prepareSample } from './prepareSample.js';

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
  const shuffler = createShuffler();
  let mask = new Uint8Array(0);

  const task: ProxyTask<GenesisFactors> = {
    name: 'genesis',
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
    apply(crop, factors, opts) {
      const prepared = prepareSample(crop, volumeOpts, opts);
      const { input, target, inputGrid, targetGrid } = prepared;
      const view = flippedView(prepared.crop, factors.flip);
      if (prepared.scale === null) copyGrid(view, targetGrid);
      else rescaleGrid(view, targetGrid, prepared.scale);

      let skip: Uint8Array | null = null;
      if (factors.outPainting.boxes.length > 0) {
        const size = voxels(targetGrid.shape);
        if (mask.length !== size) mask = new Uint8Array(size);
        markOutside(mask, targetGrid.shape, factors.outPainting.boxes);
        skip = mask;
      }
      copyGrid(targetGrid, inputGrid);
      shuffler.shuffle(targetGrid, inputGrid, factors.localShuffling, skip);
      if (factors.bezierIntensity.curves.length > 0) {
        mapIntensity(inputGrid, inputGrid, factors.bezierIntensity, skip);
      }
      paintBoxes(inputGrid, factors.inPainting);
      if (skip !== null) paintMask(inputGrid, factors.outPainting, skip);
      return { input, target, factors };
    },
    make: (crop, rng, opts) => task.apply(crop, task.draw(rng, crop.shape), opts),
  };
  return task;
}
