import type { Vec3 } from '../api.js';
import { phantomLabels } from './api.js';
import { length3, smoothMax } from './exactMath.js';
import type { Bounds, PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './maskField.js';
import type { Patient } from './patient.js';
import { CAVITY, cavityField, diaphragmHeight, ellipsoidField, type Side } from './torso.js';
import { valueNoise } from './valueNoise.js';

/** What lies under the diaphragm: its muscle, liver, spleen, stomach with its air bubble. */
export function paintAbdomen(grid: PhantomGrid, mask: Mask, patient: Patient, key: number): void {
  const cavity = cavityField();
  const bounds: Bounds = [
    [-CAVITY.width, -CAVITY.depth, -1e4],
    [CAVITY.width, CAVITY.depth, -30],
  ];
  const texture = valueNoise(key);
  const below = (side: Side, x: number, y: number, z: number): number =>
    0.7 * (z - diaphragmHeight(patient, side, x, y));
  // The muscle is a sheet of 4 mm over the domes.
  for (const side of [-1, 1] as const) {
    maskField(grid, mask, bounds, (x, y, z) =>
      smoothMax(smoothMax(cavity(x, y, z), below(side, x, y, z), 8), -side * x - 6, 10),
    );
  }
  paintMask(grid, mask, 50, phantomLabels.body);
  for (const side of [-1, 1] as const) {
    maskField(grid, mask, bounds, (x, y, z) =>
      smoothMax(smoothMax(cavity(x, y, z) + 3, below(side, x, y, z) + 2.2, 8), -side * x - 2, 10),
    );
  }
  paintMask(grid, mask, (x, y, z) => -98 + 15 * texture(x / 8, y / 8, z / 8), phantomLabels.body);

  const lobe = ellipsoidField([50, 8, -150], [122, 90, 100]);
  maskField(grid, mask, bounds, (x, y, z) => {
    const side = x > 0 ? 1 : -1;
    const roof = x > -30 ? below(1, Math.max(x, 0), y, z) : 40;
    const notch = 26 - length3((x + 4) * 0.9, y + 46, 0);
    return smoothMax(
      smoothMax(smoothMax(lobe(x, y, z), cavity(x, y, z) + 4, 5), roof + 2.6, 4),
      smoothMax(notch, side < 0 ? -x - 60 - 0.5 * (y - 20) : -40, 8),
      8,
    );
  });
  const liver = patient.contrast ? 95 : 58;
  paintMask(grid, mask, (x, y, z) => liver + 6 * texture(x / 6, y / 6, z / 6), phantomLabels.liver);

  maskField(grid, mask, bounds, (x, y, z) =>
    smoothMax(
      smoothMax(ellipsoidField([-96, -38, -148], [32, 46, 48])(x, y, z), cavity(x, y, z) + 6, 6),
      below(-1, x, y, z) + 3,
      6,
    ),
  );
  paintMask(grid, mask, patient.contrast ? 110 : 50, phantomLabels.body);
  paintStomach(grid, mask, bounds, patient, (x, y, z) => below(-1, x, y, z));
}

function paintStomach(
  grid: PhantomGrid,
  mask: Mask,
  bounds: Bounds,
  patient: Patient,
  belowDome: (x: number, y: number, z: number) => number,
): void {
  const cavity = cavityField();
  const center: Vec3 = [-62, 22, -142];
  const sack = ellipsoidField(center, [42, 48, 46]);
  const stomach = (x: number, y: number, z: number): number =>
    smoothMax(smoothMax(sack(x, y, z), cavity(x, y, z) + 7, 6), belowDome(x, y, z) + 3.5, 6);
  maskField(grid, mask, bounds, stomach);
  paintMask(grid, mask, 40, phantomLabels.body);
  // Lying on the back: fluid behind, gas in front of a level.
  const level = 34 + 10 * (patient.heartSize - 1);
  maskField(grid, mask, bounds, (x, y, z) => stomach(x, y, z) + 3.5);
  paintMask(grid, mask, 18, null);
  maskField(grid, mask, bounds, (x, y, z) =>
    smoothMax(stomach(x, y, z) + 3.5, 0.999 * (level - y), 1),
  );
  paintMask(grid, mask, -950, null);
}
