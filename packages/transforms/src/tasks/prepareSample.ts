import type { MakeOpts, VolumeArray, VolumeOpts } from '../api.js';
import { TransformsError } from '../errors.js';
import { assertSameShape, createVolume, type Grid, gridOf } from '../grid/grid.js';
import { checkRange, type Rescaling } from '../grid/range.js';

/** Where one sample comes from and goes to. */
export interface PreparedSample {
  crop: Grid;
  /** Set when the crop has to be rescaled on the way to the target. */
  scale: Rescaling | null;
  input: VolumeArray;
  target: VolumeArray;
  inputGrid: Grid;
  targetGrid: Grid;
}

/** Checks a crop and resolves where the sample goes. */
export function prepareSample(
  crop: VolumeArray,
  opts: VolumeOpts,
  { out }: MakeOpts = {},
): PreparedSample {
  const axis = opts.channelAxis ?? 'last';
  const grid = gridOf(crop, axis);
  const scale = checkRange(grid, opts.range ?? 'refuse');
  if (out !== undefined) {
    assertSameShape(out.input, crop.shape);
    assertSameShape(out.target, crop.shape);
    if (out.input.data === crop.data || out.target.data === crop.data) {
      throw new TransformsError('shape', 'out must not be the memory of the crop itself.');
    }
  }
  const input = out?.input ?? createVolume(crop.shape);
  const target = out?.target ?? createVolume(crop.shape);
  return {
    crop: grid,
    scale,
    input,
    target,
    inputGrid: gridOf(input, axis),
    targetGrid: gridOf(target, axis),
  };
}
