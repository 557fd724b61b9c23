import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './mask-field.js';
import type { Patient } from './patient.js';

/** The curved scanner table: a thin shell filled with foam, just behind the back. */
export function paintTable(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  const back = -108 - patient.fat * 0.7 - 6;
  const depth = (x: number, y: number): number => {
    // Distance below a hollow of large radius.
    const top = back + 0.0011 * x * x;
    return top - y;
  };
  const width = 195;
  const plate = (from: number, to: number): void =>
    maskField(
      grid,
      mask,
      [
        [-width, back - 40, -1e4],
        [width, back + 60, 1e4],
      ],
      (x, y) => Math.max(from - depth(x, y), depth(x, y) - to, Math.abs(x) - width),
    );
  plate(0, 26);
  paintMask(grid, mask, -945, null);
  plate(0, 1.8);
  plate(24, 26);
  paintMask(grid, mask, -420, null);
}
