import type { BezierFactors } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Workspace } from '../kernels/api.js';
import { type BezierTable, bezierTable } from '../kernels/bezier-table.js';

/**
 * Maps the intensities of `workspace.result`; factors without a curve change nothing.
 *
 * @param masked - leave out voxels whose mask is 1
 */
export function mapIntensities(
  workspace: Workspace,
  { curves }: BezierFactors,
  masked: boolean,
): void {
  if (curves.length === 0) return;
  const { channels } = workspace;
  if (curves.length !== 1 && curves.length !== channels) {
    throw new TransformsError(
      'factors',
      `bezierIntensity: ${curves.length} curves for ${channels} channels; give one, or one a channel.`,
      { curves: curves.length, channels },
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
  let table: BezierTable = bezierTable(curves[0]);
  for (let c = 0; c < channels; c++) {
    if (c > 0 && c < curves.length) table = bezierTable(curves[c]);
    workspace.mapIntensity(c, table, masked);
  }
}
