import type { Box, Rng, Shape3 } from '../api.js';
import { TransformsError } from '../errors.js';

/** The reference keeps boxes this far from the border. */
const MARGIN = 3;

/**
 * Where a box of this extent starts: uniform, `margin` voxels from either border. Where the volume
 * is too small for that (the reference fails there) the margin is the largest that fits.
 */
export function drawStart(rng: Rng, shape: Shape3, size: Shape3): Shape3 {
  const start = (axis: number): number => {
    const room = shape[axis] - size[axis];
    const margin = Math.min(MARGIN, Math.floor(room / 2));
    return rng.int(margin, room - margin);
  };
  return [start(0), start(1), start(2)];
}

/** Throws unless the box lies in the volume. */
export function checkBox({ start, size }: Box, shape: Shape3, what: string): void {
  for (let axis = 0; axis < 3; axis++) {
    if (!(start[axis] >= 0 && size[axis] >= 1 && start[axis] + size[axis] <= shape[axis])) {
      throw new TransformsError(
        'factors',
        `${what}: a box covers ${start[axis]}…${start[axis] + size[axis] - 1} of axis ${axis}, which has ${shape[axis]} voxels.`,
        { axis, start, size },
      );
    }
  }
}

/** Throws unless there are enough noise values. */
export function checkNoise(values: ArrayLike<number>, wanted: number, what: string): void {
  if (values.length < wanted) {
    throw new TransformsError(
      'factors',
      `${what}: ${values.length} noise values for ${wanted} voxels.`,
      { values: values.length, wanted },
    );
  }
}
