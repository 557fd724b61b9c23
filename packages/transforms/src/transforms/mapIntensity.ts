import type { BezierFactors } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Grid } from '../grid/grid.js';
import { type BezierTable, bezierTable } from './bezierTable.js';

/**
 * Maps the intensities of `src` (all in 0…1) to `dst`, which may be `src`.
 *
 * @param skip - voxels (C order) that need no value because they will be overwritten: 1 where so
 */
export function mapIntensity(
  src: Grid,
  dst: Grid,
  { curves }: BezierFactors,
  skip: Uint8Array | null,
): void {
  if (curves.length !== 1 && curves.length !== src.channels) {
    throw new TransformsError(
      'factors',
      `bezierIntensity: ${curves.length} curves for ${src.channels} channels; give one, or one a channel.`,
      { curves: curves.length, channels: src.channels },
    );
  }
  for (const { points } of curves) {
    if (points.length !== 4 || !points.every((p) => p >= 0 && p <= 1)) {
      throw new TransformsError(
        'factors',
        `bezierIntensity: control points [${points.join(', ')}] must be four numbers in 0…1.`,
      );
    }
  }
  let table: BezierTable | null = null;
  for (let c = 0; c < src.channels; c++) {
    if (c < curves.length) table = bezierTable(curves[c]);
    mapChannel(src, dst, c, table as BezierTable, skip);
  }
}

function mapChannel(
  src: Grid,
  dst: Grid,
  channel: number,
  { coefficients, cells, exact }: BezierTable,
  skip: Uint8Array | null,
): void {
  const [nx, ny, nz] = src.shape;
  const from = src.data;
  const to = dst.data;
  const stepIn = src.stride[2];
  const stepOut = dst.stride[2];
  let d = 0;
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      let i = src.offset + channel * src.channelStride + x * src.stride[0] + y * src.stride[1];
      let o = dst.offset + channel * dst.channelStride + x * dst.stride[0] + y * dst.stride[1];
      for (let z = 0; z < nz; z++, i += stepIn, o += stepOut) {
        if (skip !== null && skip[d++] === 1) continue;
        const v = from[i];
        const position = v * cells;
        const cell = position | 0;
        const u = position - cell;
        const k = cell * 4;
        const f =
          coefficients[k] +
          u * (coefficients[k + 1] + u * (coefficients[k + 2] + u * coefficients[k + 3]));
        // NaN (no table here) and the last digit beyond 0…1 both fail the comparison.
        to[o] = f >= 0 && f <= 1 ? f : exact(v);
      }
    }
  }
}
