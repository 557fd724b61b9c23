import { createRng } from '@genesis/transforms';
import {
  type CropPosition,
  type CropRule,
  type CropSampler,
  createCropSampler,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';

/** Places whose score is looked at. */
const LOOKED_AT = 500;
/** At least this share of the places must pass, so that an epoch's crops are not the same few again and again. */
const PASSING = 0.1;

/**
 * A sampler for a volume. The reference's rule keeps crops that are mostly lung at the resolution of LUNA16; where
 * fewer than a tenth of the places pass (coarse voxels, other parts of the body), its limit is raised until a tenth
 * does, which still prefers lung to solid tissue.
 */
export function openSampler(volume: Volume, size: Vec3, rule: CropRule): OpenedSampler {
  const sampler = createCropSampler(volume, { size, rule });
  const { range } = sampler;
  if (rule !== 'reference' || !range) return { sampler };
  const rng = createRng(0);
  const places = Array.from({ length: LOOKED_AT }, (): CropPosition => {
    const [i, j, k] = [0, 1, 2].map((axis) => rng.int(range.lo[axis], range.hi[axis]));
    return [i, j, k];
  });
  const passing = places.filter((place) => sampler.accepts(place)).length;
  if (passing >= PASSING * LOOKED_AT) return { sampler };
  const scores = places.map((place) => sampler.score(place)).sort((a, b) => a - b);
  const maxDense = scores[Math.ceil(PASSING * LOOKED_AT)];
  return { sampler: createCropSampler(volume, { size, rule, maxDense }), maxDense };
}

export interface OpenedSampler {
  readonly sampler: CropSampler;
  /** The raised limit of the reference's rule; left out when its own holds. */
  readonly maxDense?: number;
}
