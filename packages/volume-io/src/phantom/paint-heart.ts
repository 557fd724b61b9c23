import type { Vec3 } from '@genesis/core';
import { phantomLabels } from './api.js';
import { length3, smoothMax, smoothMin } from './exact-math.js';
import type { Bounds, PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { type Field, maskField } from './mask-field.js';
import type { Patient } from './patient.js';

const CENTER: Vec3 = [-25, 22, -44];
/** From the base to the apex: to the left, forward and down. */
const LONG: Vec3 = [-0.66, 0.52, -0.5421];
/** Across the septum, towards the right ventricle. */
const CROSS: Vec3 = [0.6189, 0.7855, 0];

/** Fat around the heart, its muscle and the four chambers. */
export function paintHeart(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  const size = patient.heartSize;
  const bounds: Bounds = [
    [CENTER[0] - 90 * size, CENTER[1] - 82 * size, CENTER[2] - 84 * size],
    [CENTER[0] + 90 * size, CENTER[1] + 82 * size, CENTER[2] + 84 * size],
  ];
  const { ventricles, rightAtrium, leftAtrium } = heartParts(size);
  const heart = heartField(patient);
  maskField(grid, mask, bounds, (x, y, z) => heart(x, y, z) - 7);
  paintMask(grid, mask, -92, phantomLabels.body);
  maskField(grid, mask, bounds, heart);
  paintMask(grid, mask, patient.contrast ? 105 : 52, phantomLabels.heart);
  const leftBlood = patient.contrast ? 290 : 42;
  const rightBlood = patient.contrast ? 230 : 42;
  maskField(grid, mask, bounds, heartEllipsoid(size, [6, -17, -3], [42, 21, 23]));
  maskField(grid, mask, bounds, (x, y, z) => leftAtrium(x, y, z) + 3);
  paintMask(grid, mask, leftBlood, phantomLabels.heart);
  const septum = heartEllipsoid(size, [4, -15, -3], [56, 33, 36]);
  maskField(grid, mask, bounds, (x, y, z) =>
    smoothMax(ventricles(x, y, z) + 5, -septum(x, y, z), 3),
  );
  maskField(grid, mask, bounds, (x, y, z) => rightAtrium(x, y, z) + 3);
  paintMask(grid, mask, rightBlood, phantomLabels.heart);
}

/** Outer surface of the heart, without the fat around it. */
export function heartField(patient: Patient): Field {
  const { ventricles, rightAtrium, leftAtrium } = heartParts(patient.heartSize);
  return (x, y, z) =>
    smoothMin(smoothMin(ventricles(x, y, z), rightAtrium(x, y, z), 10), leftAtrium(x, y, z), 8);
}

function heartParts(size: number): { ventricles: Field; rightAtrium: Field; leftAtrium: Field } {
  return {
    ventricles: heartEllipsoid(size, [4, 0, 0], [64, 47, 44]),
    rightAtrium: ball(size, [50, -8, 6], [27, 30, 34]),
    leftAtrium: ball(size, [19, -38, 24], [36, 21, 24]),
  };
}

/** Ellipsoid in the heart's own axes: along LONG, along CROSS, and across both. */
function heartEllipsoid(size: number, offset: Vec3, radii: Vec3): Field {
  const third: Vec3 = [
    LONG[1] * CROSS[2] - LONG[2] * CROSS[1],
    LONG[2] * CROSS[0] - LONG[0] * CROSS[2],
    LONG[0] * CROSS[1] - LONG[1] * CROSS[0],
  ];
  const mean = (size * (radii[0] + radii[1] + radii[2])) / 3;
  return (x, y, z) => {
    const dx = (x - CENTER[0]) / size;
    const dy = (y - CENTER[1]) / size;
    const dz = (z - CENTER[2]) / size;
    const u = (dx * LONG[0] + dy * LONG[1] + dz * LONG[2] - offset[0]) / radii[0];
    const v = (dx * CROSS[0] + dy * CROSS[1] + dz * CROSS[2] - offset[1]) / radii[1];
    const w = (dx * third[0] + dy * third[1] + dz * third[2] - offset[2]) / radii[2];
    return mean * (length3(u, v, w) - 1);
  };
}

/** Ellipsoid along x, y, z at an offset from the heart's centre. */
function ball(size: number, offset: Vec3, radii: Vec3): Field {
  const mean = (size * (radii[0] + radii[1] + radii[2])) / 3;
  return (x, y, z) =>
    mean *
    (length3(
      ((x - CENTER[0]) / size - offset[0]) / radii[0],
      ((y - CENTER[1]) / size - offset[1]) / radii[1],
      ((z - CENTER[2]) / size - offset[2]) / radii[2],
    ) -
      1);
}
