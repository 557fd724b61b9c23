import type { Vec3 } from '@genesis/core';
import { phantomLabels } from './api.js';
import { clamp01, smoothMax, smoothStep } from './exact-math.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './mask-field.js';
import { maskCone } from './mask-tube.js';
import type { Patient } from './patient.js';

const PITCH = 23;

/** Front-back position of the middle of the vertebral bodies: the thoracic curve, convex to the back. */
export function spineY(patient: Patient, z: number): number {
  const u = z / 150;
  return -63 + 7 * patient.kyphosis * u * u;
}

/** Height of the middle of vertebra n; 0 is the first thoracic one. */
export function vertebraZ(patient: Patient, n: number): number {
  return 126 + patient.level - n * PITCH;
}

/** Vertebral bodies with discs, arches around the canal, processes, cord. */
export function paintSpine(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  const bounds: [Vec3, Vec3] = [
    [-30, -120, -1e4],
    [30, -40, 1e4],
  ];
  /** −½ … ½ within one vertebra and its disc. */
  const phaseOf = (z: number): number => {
    const p = (z - 126 - patient.level) / PITCH;
    return p - Math.floor(p + 0.5);
  };
  const bodyRadial = (x: number, y: number, z: number): number => {
    const p = phaseOf(z);
    const waist = 0.9 + 0.5 * p * p;
    const size = 1 + 0.0009 * (100 - z);
    const dy = y - spineY(patient, z);
    const u = x / (17 * size * waist);
    const v = (dy + (dy < 0 ? 1.2 : 0)) / (13.5 * size * waist);
    return 15 * (Math.sqrt(u * u + v * v) - 1);
  };
  // Ligaments and muscle hugging the column.
  maskField(grid, mask, bounds, (x, y, z) => bodyRadial(x, y, z) - 2.5);
  paintMask(grid, mask, 45, null);
  maskField(grid, mask, bounds, bodyRadial);
  paintMask(grid, mask, 85, phantomLabels.spine);
  const bodyBone = (x: number, y: number, z: number): number =>
    smoothMax(bodyRadial(x, y, z), (Math.abs(phaseOf(z)) - 0.395) * PITCH, 2);
  maskField(grid, mask, bounds, bodyBone);
  paintMask(
    grid,
    mask,
    (x, y, z) => {
      const shell = smoothStep(-2.6, -1.2, bodyBone(x, y, z));
      return patient.marrow + shell * (560 - patient.marrow);
    },
    phantomLabels.spine,
  );
  paintProcesses(grid, mask, patient);
  const ring = (x: number, y: number, z: number, rx: number, ry: number): number => {
    const u = x / rx;
    const v = (y - spineY(patient, z) + 23.5) / ry;
    return ((rx + ry) / 2) * (Math.sqrt(u * u + v * v) - 1);
  };
  // The arch is whole only at the height of the pedicles; below them the nerves leave at the sides.
  maskField(grid, mask, bounds, (x, y, z) => {
    const p = phaseOf(z);
    const openSides =
      y - spineY(patient, z) > -27 ? (Math.abs(p - 0.12) - 0.24) * PITCH : (Math.abs(p) - 0.44) * 9;
    return smoothMax(ring(x, y, z, 15.5, 14.5), openSides, 2);
  });
  paintMask(grid, mask, 430, phantomLabels.spine);
  maskField(grid, mask, bounds, (x, y, z) => ring(x, y, z, 10, 9));
  paintMask(
    grid,
    mask,
    (x, y, z) => {
      const r = ring(x, y, z, 10, 9);
      // Epidural fat, fluid, cord.
      return -60 + 72 * clamp01(-r - 0.5) + 28 * clamp01(-r - 4);
    },
    phantomLabels.body,
  );
}

function paintProcesses(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  for (let n = -3; n <= 14; n++) {
    const z = vertebraZ(patient, n);
    const y = spineY(patient, z);
    maskCone(
      grid,
      mask,
      { at: [0, y - 32, z - 3], radius: 4 },
      { at: [0, y - 39, z - 18], radius: 3 },
      [0.8, 1, 2],
    );
    for (const side of [-1, 1]) {
      maskCone(
        grid,
        mask,
        { at: [side * 12, y - 20, z + 3], radius: 4.5 },
        { at: [side * 34, y - 31, z + 5], radius: 4 },
      );
    }
  }
  paintMask(grid, mask, 400, phantomLabels.spine);
}
