import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import type { Volume } from '../voxels/volume.js';
import type { CropPosition, CropRange, CropSampler, CropSamplerOpts } from './api.js';
import { cropRange } from './crop-range.js';
import { type DenseTable, denseTable } from './dense-table.js';
import { loosenedLimit } from './loosened-limit.js';
import { otsuThreshold } from './otsu-threshold.js';

/** −150 HU when −1000 … 1000 is 0 … 1. */
const REFERENCE_THRESHOLD = 0.425;
/** Steps of the grid on which the best crop of a volume is looked for. */
const GRID = 20;

/**
 * Prepares a volume for drawing crops: one pass over the voxels that can be reached (4 bytes of memory for each), after
 * which testing a position takes constant time. Keep the sampler when a volume is cropped more than once.
 * For the rules' own thresholds the volume has to be normalised to 0 … 1 (see normalizeIntensity).
 * Source of the rule 'reference': the crop generator of Models Genesis (Zhou et al., Medical Image Analysis 67, 2021).
 * Throws VolumeIoError 'bad-argument' when the crop is larger than the volume or an option makes no sense.
 */
export function createCropSampler(volume: Volume, opts: CropSamplerOpts = {}): CropSampler {
  const { data } = volume;
  const rule = opts.rule ?? 'reference';
  const byDepth = rule === 'reference' || rule === 'lung';
  const size: Vec3 = [...(opts.size ?? ([64, 64, 32] satisfies Vec3))];
  const lookAhead = byDepth ? (opts.lookAhead ?? 3) : 2;
  const tries = opts.tries ?? 50;
  check(size, lookAhead, tries);
  const border = opts.border ?? (byDepth ? 'scaled' : ([0, 0, 0] satisfies Vec3));
  const range = cropRange(data.shape as Vec3, size, byDepth ? lookAhead : 0, border);
  const voxels = size[0] * size[1] * size[2];

  let table: DenseTable | undefined;
  if (range && rule !== 'any') {
    const threshold = opts.threshold ?? (byDepth ? REFERENCE_THRESHOLD : otsuThreshold(data));
    table = denseTable(data, range, size, threshold, lookAhead);
  }
  const sum = (p: ReadonlyVec3): number =>
    table ? table.sum(p[0], p[1], p[2]) / (lookAhead - 1) : 0;
  const score = (p: ReadonlyVec3): number => sum(p) / voxels;
  // Exactly the reference's comparison: Σ (1 − d/2) against 0.15 × voxels, multiplied out from left to right.
  const sumAt = (limit: number): number => limit * size[0] * size[1] * size[2];
  let most = byDepth ? sumAt(opts.maxDense ?? 0.15) : Number.POSITIVE_INFINITY;
  let least = 0;
  if (range && rule === 'foreground') {
    const { minForeground } = opts;
    least = minForeground === undefined ? 0.5 * bestSum(range, sum) : minForeground * voxels;
  }
  const accepted = (p: ReadonlyVec3): boolean => {
    const s = sum(p);
    return !(s > most) && s >= least;
  };
  const raisedLimit = range && rule === 'lung' ? loosenedLimit(range, score, accepted) : undefined;
  if (raisedLimit !== undefined) most = sumAt(raisedLimit);
  const inRange = (p: ReadonlyVec3): ReadonlyVec3 => {
    if (!range || !p.every((n, d) => Number.isInteger(n) && n >= range.lo[d] && n <= range.hi[d])) {
      throw new VolumeIoError(
        'bad-argument',
        `no crop starts at ${p.join(', ')}: starts are ${range ? `${range.lo.join(', ')} to ${range.hi.join(', ')}` : 'none'}`,
      );
    }
    return p;
  };

  return {
    size,
    range,
    raisedLimit,
    score: (p) => score(inRange(p)),
    accepts: (p) => accepted(inRange(p)),
    draw(count, random) {
      const positions: CropPosition[] = [];
      if (!range) return positions;
      for (let n = 0; n < tries * count && positions.length < count; n++) {
        const p: CropPosition = [0, 0, 0];
        for (let d = 0; d < 3; d++) {
          p[d] = range.lo[d] + Math.floor(random() * (range.hi[d] - range.lo[d] + 1));
        }
        if (accepted(p)) positions.push(p);
      }
      return positions;
    },
  };
}

/** The largest sum at a coarse grid of positions, both ends included. */
function bestSum(range: CropRange, sum: (p: CropPosition) => number): number {
  const places = [0, 1, 2].map((d) => {
    const span = range.hi[d] - range.lo[d];
    const steps = Math.max(1, Math.min(GRID, span));
    return Array.from(
      { length: steps + 1 },
      (_, n) => range.lo[d] + Math.round((n * span) / steps),
    );
  });
  let best = 0;
  for (const i of places[0]) {
    for (const j of places[1]) for (const k of places[2]) best = Math.max(best, sum([i, j, k]));
  }
  return best;
}

function check(size: Vec3, lookAhead: number, tries: number): void {
  const fail = (what: string): never => {
    throw new VolumeIoError('bad-argument', what);
  };
  if (size.length !== 3 || !size.every((n) => Number.isInteger(n) && n > 0)) {
    fail(`the size of a crop must be three positive integers, not ${size.join(', ')}`);
  }
  if (!(Number.isInteger(lookAhead) && lookAhead >= 2 && lookAhead < 256)) {
    fail(`lookAhead must be 2 to 255 slices, not ${lookAhead}`);
  }
  if (!(tries > 0)) fail(`tries must be positive, not ${tries}`);
}
