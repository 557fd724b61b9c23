import { copyStrided } from '@genesis/core';
import type { Grid } from './grid.js';

/** Copies voxels; both grids have the same shape and channels and do not overlap. */
export function copyGrid(src: Grid, dst: Grid): void {
  copyStrided(src.data, layoutOf(src), dst.data, layoutOf(dst), [src.channels, ...src.shape]);
}

const layoutOf = ({ offset, channelStride, stride }: Grid) => ({
  offset,
  stride: [channelStride, ...stride],
});
