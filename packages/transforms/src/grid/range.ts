import type { RangePolicy } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Grid } from './grid.js';

/** How to bring a volume to 0…1. */
export interface Rescaling {
  low: number;
  high: number;
}

/**
 * Checks that all voxels are in 0…1.
 *
 * @returns null when they are, else how to rescale them
 * @throws TransformsError `range` when they are not and the policy is `refuse`
 */
export function checkRange(src: Grid, policy: RangePolicy): Rescaling | null {
  if (isWithin(src)) return null;
  const { low, high, bad } = extremes(src);
  if (policy === 'refuse') {
    throw new TransformsError(
      'range',
      `The volume has ${bad > 0 ? `${bad} voxels that are not finite and ` : ''}values ${low}…${high}; ` +
        "transforms need 0…1. Normalise it, or pass range: 'rescale'.",
      { low, high, notFinite: bad },
    );
  }
  return { low, high };
}

/** Writes the rescaled voxels of `src` to `dst`; the two may be the same. */
export function rescaleGrid(src: Grid, dst: Grid, { low, high }: Rescaling): void {
  const [nx, ny, nz] = src.shape;
  const span = high - low;
  for (let c = 0; c < src.channels; c++) {
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) {
        let i = src.offset + c * src.channelStride + x * src.stride[0] + y * src.stride[1];
        let o = dst.offset + c * dst.channelStride + x * dst.stride[0] + y * dst.stride[1];
        for (let z = 0; z < nz; z++, i += src.stride[2], o += dst.stride[2]) {
          const v = src.data[i];
          // The comparison is false for NaN, and for every voxel of a constant volume.
          dst.data[o] = v > low ? Math.min((v - low) / span, 1) : 0;
        }
      }
    }
  }
}

function isWithin(src: Grid): boolean {
  const [nx, ny, nz] = src.shape;
  const { data } = src;
  const step = src.stride[2];
  for (let c = 0; c < src.channels; c++) {
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) {
        let i = src.offset + c * src.channelStride + x * src.stride[0] + y * src.stride[1];
        for (let z = 0; z < nz; z++, i += step) {
          const v = data[i];
          if (!(v >= 0 && v <= 1)) return false;
        }
      }
    }
  }
  return true;
}

function extremes(src: Grid): Rescaling & { bad: number } {
  const [nx, ny, nz] = src.shape;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let bad = 0;
  for (let c = 0; c < src.channels; c++) {
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) {
        let i = src.offset + c * src.channelStride + x * src.stride[0] + y * src.stride[1];
        for (let z = 0; z < nz; z++, i += src.stride[2]) {
          const v = src.data[i];
          if (!Number.isFinite(v)) bad++;
          else {
            if (v < low) low = v;
            if (v > high) high = v;
          }
        }
      }
    }
  }
  return { low, high, bad };
}
