import type { Grid } from './grid.js';
import { isContiguous, voxels } from './grid.js';

/** Copies voxels; both grids have the same shape and channels and do not overlap. */
export function copyGrid(src: Grid, dst: Grid): void {
  const [nx, ny, nz] = src.shape;
  const whole = isContiguous(src) && isContiguous(dst);
  const a = src.data;
  const b = dst.data;
  for (let c = 0; c < src.channels; c++) {
    const from = src.offset + c * src.channelStride;
    const to = dst.offset + c * dst.channelStride;
    if (whole) {
      b.set(a.subarray(from, from + voxels(src.shape)), to);
      continue;
    }
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) {
        let i = from + x * src.stride[0] + y * src.stride[1];
        let o = to + x * dst.stride[0] + y * dst.stride[1];
        for (let z = 0; z < nz; z++, i += src.stride[2], o += dst.stride[2]) b[o] = a[i];
      }
    }
  }
}
