import type { ApplyOpts, VolumeArray, VolumeOpts } from '../api.js';
import { cloneGrid } from './copyGrid.js';
import { assertSameShape, createVolume, type Grid, gridOf } from './grid.js';
import { checkRange, rescaleGrid } from './range.js';

/** Source and destination of one application. */
export interface Prepared {
  /** In 0…1; shares no memory with `dst` unless it is exactly `dst`. */
  src: Grid;
  dst: Grid;
  /** What `apply` returns: `dst` as the caller sees it. */
  result: VolumeArray;
}

const sameLayout = (a: Grid, b: Grid): boolean =>
  a.data.byteOffset === b.data.byteOffset &&
  a.offset === b.offset &&
  a.channelStride === b.channelStride &&
  a.stride.every((step, axis) => step === b.stride[axis]);

/** Checks volume and options, and resolves where the result goes. */
export function prepare(volume: VolumeArray, opts: VolumeOpts, { out }: ApplyOpts = {}): Prepared {
  const axis = opts.channelAxis ?? 'last';
  let src = gridOf(volume, axis);
  const scale = checkRange(src, opts.range ?? 'refuse');
  if (out !== undefined) assertSameShape(out, volume.shape);
  const result = out ?? createVolume(volume.shape);
  const dst = gridOf(result, axis);
  if (src.data.buffer === dst.data.buffer) src = sameLayout(src, dst) ? dst : cloneGrid(src);
  if (scale !== null) {
    rescaleGrid(src, dst, scale);
    src = dst;
  }
  return { src, dst, result };
}
