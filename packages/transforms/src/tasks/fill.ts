import type { Box, Seed } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Workspace } from '../kernels/api.js';

/** What hides a region: one intensity in 0…1, or uniform noise. */
export type Fill = number | 'noise';

/** Throws unless it is an intensity or 'noise'. */
export function checkFill(fill: Fill, what: string): Fill {
  if (fill !== 'noise' && !(fill >= 0 && fill <= 1)) {
    throw new TransformsError('option', `${what}: fill is ${fill}; give 0…1 or 'noise'.`);
  }
  return fill;
}

/** Hides a box of `workspace.result` in all channels. */
export function hideBox(workspace: Workspace, box: Box, fill: Fill, seed: Seed): void {
  if (fill === 'noise') {
    workspace.noiseBox(box, seed);
    return;
  }
  const { shape, channels, result } = workspace;
  const { start, size } = box;
  for (let c = 0; c < channels; c++) {
    for (let x = start[0]; x < start[0] + size[0]; x++) {
      for (let y = start[1]; y < start[1] + size[1]; y++) {
        const row = ((c * shape[0] + x) * shape[1] + y) * shape[2] + start[2];
        result.fill(fill, row, row + size[2]);
      }
    }
  }
}
