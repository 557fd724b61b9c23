import type { ApplyOpts, VolumeArray, VolumeOpts } from '../api.js';
import { copyGrid } from '../grid/copy-grid.js';
import { assertSameShape, createVolume, type Grid, gridOf, voxels } from '../grid/grid.js';
import { checkRange, rescaleGrid } from '../grid/range.js';
import type { Workspace } from './api.js';
import { openWorkspace } from './select.js';

/** A planar array of a workspace as a grid. */
export function planarGrid({ shape, channels }: Workspace, data: Float32Array): Grid {
  const [, ny, nz] = shape;
  const size = voxels(shape);
  return { data, offset: 0, shape, stride: [ny * nz, nz, 1], channels, channelStride: size };
}

/**
 * How the result of a workspace starts: as a copy of the original, as the same array (for what needs
 * no original beside it), or with anything in it (for what writes every voxel).
 */
export type ResultStart = 'copy' | 'same' | 'unset';

/**
 * Opens the workspace with a copy of the volume in `original`, checked and if need be rescaled.
 *
 * @throws TransformsError `shape`, `dtype` or `range`
 */
export function load(volume: VolumeArray, opts: VolumeOpts, start: ResultStart): Workspace {
  const grid = gridOf(volume, opts.channelAxis ?? 'last');
  const workspace = openWorkspace(grid.shape, grid.channels, start === 'same');
  const original = planarGrid(workspace, workspace.original);
  copyGrid(grid, original);
  if (!workspace.inRange()) {
    const scale = checkRange(original, opts.range ?? 'refuse');
    if (scale !== null) rescaleGrid(original, original, scale);
  }
  if (start === 'copy') workspace.result.set(workspace.original);
  return workspace;
}

/** Throws unless `out` can receive the result for this volume. */
export function checkOut(volume: VolumeArray, { out }: ApplyOpts = {}): void {
  if (out !== undefined) assertSameShape(out, volume.shape);
}

/** Copies an array of the workspace to `out`, or to a new volume of this shape, and returns it. */
export function store(
  workspace: Workspace,
  data: Float32Array,
  shape: readonly number[],
  opts: VolumeOpts,
  out: VolumeArray = createVolume(shape),
): VolumeArray {
  copyGrid(planarGrid(workspace, data), gridOf(out, opts.channelAxis ?? 'last'));
  return out;
}
