import { clamp01, length3, smoothMax, smoothMin, smoothStep } from './exact-math.js';
import type { Bounds } from './grid.js';
import type { Field } from './mask-field.js';
import type { Patient } from './patient.js';

/** −1: the patient's left, +1: right. */
export type Side = -1 | 1;

/** Half-width, half-depth and height of the inside of the rib cage. */
export const CAVITY = { width: 131, depth: 88, top: 138, shoulder: -55 } as const;

/** Wide enough for every patient's skin. */
export const TORSO: Bounds = [
  [-205, -150, -1e4],
  [205, 175, 1e4],
];

/** A rounded ellipse: distance from the centre over distance of the outline in that direction. */
function roundedRadius(x: number, y: number, square: number): number {
  const xx = x * x;
  const yy = y * y;
  return (1 - square) * Math.sqrt(xx + yy) + square * Math.sqrt(Math.sqrt(xx * xx + yy * yy));
}

/** Skin. */
export function bodyField(patient: Patient): Field {
  const width = 151 + patient.fat;
  const front = 108 + patient.fat * 0.8;
  const back = 108 + patient.fat * 0.7;
  return (x, y, z) => {
    const upper = smoothStep(60, 150, z);
    const neck = clamp01((z - 120) / 70);
    const w = width * (1 - 0.06 * upper - 0.55 * neck * neck);
    const d = (y > 0 ? front : back) * (1 - (y > 0 ? 0.3 : 0.04) * upper);
    const r = roundedRadius(x / w, y / d, y > 0 ? 0.45 : 0.62);
    let f = r > 0 ? length3(x, y, 0) * (1 - 1 / r) : -100;
    // The furrow over the spine and the hollow over the sternum.
    f += (y > 0 ? 5 : 6) / (1 + (x * x) / 500) - 2;
    if (patient.breasts) {
      const bx = (Math.abs(x) - 78) / 62;
      const by = (y - front * 0.72) / 58;
      const bz = (z + 8) / 62;
      f = smoothMin(f, 55 * (Math.sqrt(bx * bx + by * by + bz * bz) - 1), 22);
    }
    return f;
  };
}

/** Inner surface of the rib cage, open below. */
export function cavityField(): Field {
  const tall = CAVITY.top - CAVITY.shoulder;
  return (x, y, z) => {
    const u = z > CAVITY.shoulder ? (z - CAVITY.shoulder) / tall : 0;
    const r2 = roundedRadius(x / CAVITY.width, y / CAVITY.depth, y > 0 ? 0.15 : 0.4);
    const r = Math.sqrt(r2 * r2 + u * u);
    return r > 0 ? length3(x, y, u * tall) * (1 - 1 / r) : -CAVITY.depth;
  };
}

/** Height of the diaphragm's dome above (x, y). */
export function diaphragmHeight(patient: Patient, side: Side, x: number, y: number): number {
  const top = (side > 0 ? -66 : -77) - patient.inspiration;
  const dx = (x - side * 62) / 72;
  const dy = (y - 16) / 92;
  const rho = dx * dx + dy * dy;
  return top - 32 * rho - 16 * rho * rho;
}

/** One lung: the rib cage's half, less the mediastinum, above the diaphragm. */
export function lungField(patient: Patient, side: Side): Field {
  const cavity = cavityField();
  return (x, y, z) => {
    const back = (y + 18) / 42;
    const upper = smoothStep(40, 110, z);
    const medial = 9 + 13 / (1 + back * back) + 8 * upper - side * x;
    const floor = 0.7 * (diaphragmHeight(patient, side, x, y) - z);
    return smoothMax(smoothMax(cavity(x, y, z) + 2, medial, 14), floor, 9);
  };
}

export function lungBounds(side: Side): Bounds {
  return side < 0
    ? [
        [-CAVITY.width, -CAVITY.depth, -190],
        [0, CAVITY.depth, CAVITY.top],
      ]
    : [
        [0, -CAVITY.depth, -190],
        [CAVITY.width, CAVITY.depth, CAVITY.top],
      ];
}

/** An ellipsoid with axes along x, y, z. */
export function ellipsoidField(
  center: readonly [number, number, number],
  radii: readonly [number, number, number],
): Field {
  const mean = (radii[0] + radii[1] + radii[2]) / 3;
  return (x, y, z) =>
    mean *
    (length3((x - center[0]) / radii[0], (y - center[1]) / radii[1], (z - center[2]) / radii[2]) -
      1);
}
