import { phantomLabels } from './api.js';
import { clamp01, smoothStep } from './exact-math.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './mask-field.js';
import type { Patient } from './patient.js';
import { bodyField, cavityField, ellipsoidField, TORSO } from './torso.js';
import { valueNoise } from './value-noise.js';

const FAT = -100;
const MUSCLE = 52;
const SKIN = 5;

/** Skin, fat and the muscles of the chest wall; the inside is filled with the fat that lies between organs. */
export function paintWall(grid: PhantomGrid, mask: Mask, patient: Patient, key: number): void {
  const body = bodyField(patient);
  const cavity = cavityField();
  const bundles = valueNoise(key);
  maskField(grid, mask, TORSO, body);
  paintMask(
    grid,
    mask,
    (x, y, z) => {
      const outside = cavity(x, y, z);
      if (outside < 0) return -90;
      const depth = -body(x, y, z);
      const marbling = bundles(x / 16, y / 16, z / 40);
      // Fat is thicker below and over the back of the shoulders than over the breastbone.
      const fat = patient.fat * (0.75 + 0.35 * smoothStep(20, -140, z) + (y < -60 ? 0.15 : 0)) + 2;
      const skin = smoothStep(2.2, 1.4, depth);
      const subcutaneous = 1 - smoothStep(fat - 1.5, fat + 1.5, depth);
      // Muscles lie in layers over the ribs, with thin fat between them; the noise lets layers come and go.
      const layer = outside + 7 * marbling;
      const sheets =
        sheet(outside - 13.5, 1.2) * 0.85 + sheet(layer - 27, 0.9) + sheet(layer - 45, 1.1);
      const streaks = 0.5 * sheet(marbling - 0.25, 0.05) * smoothStep(18, 24, outside);
      const planes = Math.min(1, sheets * smoothStep(-0.7, 0, marbling) + streaks);
      const muscle = MUSCLE + 9 * marbling + planes * (FAT - MUSCLE);
      const tissue = muscle + subcutaneous * (FAT + 10 * marbling - muscle);
      return tissue + skin * (SKIN - tissue);
    },
    phantomLabels.body,
  );
  paintAxillae(grid, mask);
  paintBackMuscles(grid, mask);
  if (patient.breasts) paintGlands(grid, mask, bundles);
}

/** 1 on a surface where t = 0, falling to 0 at ±2 half-widths. */
function sheet(t: number, half: number): number {
  return clamp01(2 - Math.abs(t) / half);
}

/** The fat of the armpits, between chest wall and shoulder. */
function paintAxillae(grid: PhantomGrid, mask: Mask): void {
  for (const side of [-1, 1]) {
    const at: [number, number, number] = [side * 128, 0, 92];
    maskField(
      grid,
      mask,
      [
        [at[0] - 17, -34, 50],
        [at[0] + 17, 34, 134],
      ],
      ellipsoidField(at, [14, 30, 40]),
    );
  }
  paintMask(grid, mask, FAT, null);
}

/** The two long muscles beside the spinous processes. */
function paintBackMuscles(grid: PhantomGrid, mask: Mask): void {
  for (const side of [-1, 1]) {
    maskField(
      grid,
      mask,
      [
        [side * 27 - 22, -116, -1e4],
        [side * 27 + 22, -70, 1e4],
      ],
      (x, y) => {
        const u = (x - side * 26) / 20;
        const v = (y + 96 - Math.abs(u) * 3) / 13;
        return 15 * (Math.sqrt(u * u + v * v) - 1);
      },
    );
  }
  paintMask(grid, mask, 58, null);
}

/** Strands of glandular tissue in the fat of the breasts. */
function paintGlands(
  grid: PhantomGrid,
  mask: Mask,
  strands: (x: number, y: number, z: number) => number,
): void {
  for (const side of [-1, 1]) {
    const whole = ellipsoidField([side * 80, 106, -10], [34, 18, 32]);
    maskField(
      grid,
      mask,
      [
        [side * 80 - 46, 84, -55],
        [side * 80 + 46, 130, 35],
      ],
      (x, y, z) => whole(x, y, z) + 14 * strands(x / 9 + 31, y / 9, z / 9),
    );
  }
  paintMask(grid, mask, 25, null);
}
