import { phantomLabels } from './api.js';
import { clamp01, smoothStep } from './exactMath.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './maskField.js';
import type { Patient } from './patient.js';
import { bodyField, cavityField, EVERYWHERE, ellipsoidField } from './torso.js';
import { valueNoise } from './valueNoise.js';

const FAT = -100;
const MUSCLE = 52;
const SKIN = 5;

/** Skin, fat and the muscles of the chest wall; the inside is filled with the fat that lies between organs. */
export function paintWall(grid: PhantomGrid, mask: Mask, patient: Patient, key: number): void {
  const body = bodyField(patient);
  const cavity = cavityField();
  const bundles = valueNoise(key);
  maskField(grid, mask, EVERYWHERE, body);
  paintMask(
    grid,
    mask,
    (x, y, z) => {
      const depth = -body(x, y, z);
      const outside = cavity(x, y, z);
      const marbling = bundles(x / 14, y / 14, z / 45);
      if (outside < 0) return -88 + 40 * clamp01(marbling);
      // Fat is thicker in front at the sides and below, thin over the back.
      const fat = patient.fat * (0.75 + 0.35 * smoothStep(20, -140, z) + (y < -60 ? 0.15 : 0)) + 2;
      const skin = smoothStep(2.2, 1.4, depth);
      const subcutaneous = 1 - smoothStep(fat - 1.5, fat + 1.5, depth);
      // Fat planes run between muscles where the noise changes sign, and just outside the ribs.
      const plane = 1 - smoothStep(0.02, 0.09, Math.abs(marbling));
      const overRibs = smoothStep(12, 13, outside) * (1 - smoothStep(14, 15.5, outside));
      const inner = smoothStep(1, 4, outside);
      const planes = Math.max(plane * smoothStep(15, 20, outside), overRibs * 0.8) * inner;
      const muscle = MUSCLE + 8 * marbling + planes * (FAT - MUSCLE);
      const tissue = muscle + subcutaneous * (FAT + 12 * marbling - muscle);
      return tissue + skin * (SKIN - tissue);
    },
    phantomLabels.body,
  );
  paintAxillae(grid, mask);
  paintBackMuscles(grid, mask);
  if (patient.breasts) paintGlands(grid, mask, bundles);
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
