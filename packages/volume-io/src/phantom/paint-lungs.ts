import type { Vec3 } from '@genesis/core';
import { phantomLabels } from './api.js';
import { smoothStep } from './exact-math.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './mask-field.js';
import { maskCone, maskTube, type TubePoint } from './mask-tube.js';
import { heartField } from './paint-heart.js';
import type { Patient } from './patient.js';
import { type PhantomRandom, phantomRandom } from './random.js';
import { type Course, smoothCourse } from './smooth-course.js';
import { CAVITY, lungBounds, lungField, type Side } from './torso.js';
import { growTree } from './tree.js';
import { valueNoise } from './value-noise.js';

const SIDES: readonly Side[] = [-1, 1];
const VESSELS = 420;
const AIRWAYS = 34;

/** Air-filled tissue, denser towards the back, with the fissures between the lobes. */
export function paintParenchyma(
  grid: PhantomGrid,
  mask: Mask,
  patient: Patient,
  key: number,
): void {
  const texture = valueNoise(key);
  for (const side of SIDES) {
    maskField(grid, mask, lungBounds(side), lungField(patient, side));
    paintMask(
      grid,
      mask,
      (x, y, z) => {
        const ventral = smoothStep(-CAVITY.depth, CAVITY.depth, y);
        const grain = texture(x / 7, y / 7, z / 7);
        // The oblique fissure: from high behind to low in front.
        const plane = 0.8 * (z - 8 + side * 6) + 0.6 * y;
        const fissure = Math.abs(plane) < 7 ? Math.abs(plane + 5 * texture(x / 60, y / 60, 7)) : 7;
        return (
          patient.lungHu +
          patient.gravity * (1 - ventral) +
          28 * grain +
          (fissure < 1.2 ? 70 * (1 - fissure / 1.2) : 0)
        );
      },
      side < 0 ? phantomLabels.leftLung : phantomLabels.rightLung,
    );
  }
}

/** Arteries and veins, from the hilum out to 420 twigs of each in each lung. */
export function paintVesselTrees(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  for (const side of SIDES) {
    for (const kind of [0, 1]) {
      const random = phantomRandom(patient.seed, 10 + 2 * (side + 1) + kind);
      const root: Vec3 = kind === 0 ? [side * 44, -18, 8] : [side * 44, -8, -12];
      const pieces = growTree({
        root,
        heading: [side * 0.9, -0.2, -0.38],
        targets: lungPoints(patient, side, VESSELS, 3, random),
        twigRadius: 0.74,
        maxRadius: 7,
        random,
      });
      for (const [a, b] of pieces) maskCone(grid, mask, a, b);
    }
  }
  paintMask(grid, mask, patient.contrast ? 200 : 38, phantomLabels.pulmonaryVessels);
}

/** Trachea, main and lobar bronchi and the first generations behind them, with their walls. */
export function paintAirways(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  const tubes: TubePoint[][] = [smoothCourse(TRACHEA)];
  for (const side of SIDES) {
    const main = side < 0 ? LEFT_BRONCHUS : RIGHT_BRONCHUS;
    tubes.push(smoothCourse(main));
    const end = main[main.length - 1];
    const random = phantomRandom(patient.seed, 20 + side);
    const pieces = growTree({
      root: [end[0], end[1], end[2]],
      heading: [side * 0.8, -0.2, -0.55],
      targets: lungPoints(patient, side, AIRWAYS, 14, random),
      twigRadius: 1.15,
      maxRadius: 3.6,
      random,
    });
    tubes.push(...pieces);
  }
  for (const t of tubes) {
    maskTube(
      grid,
      mask,
      t.map((p) => ({ at: p.at, radius: p.radius + 0.5 + 0.09 * p.radius })),
    );
  }
  paintMask(grid, mask, 20, null);
  for (const t of tubes) maskTube(grid, mask, t);
  paintMask(grid, mask, -985, phantomLabels.airway);
}

const TRACHEA: Course = [
  [1, -4, 190, 8.6],
  [0, -8, 130, 8.6],
  [2, -14, 80, 8.4],
  [5, -19, 46, 8.8],
];
const RIGHT_BRONCHUS: Course = [
  [5, -19, 46, 7.2],
  [17, -20, 30, 7],
  [30, -19, 14, 6.2],
  [38, -19, -4, 4.8],
];
const LEFT_BRONCHUS: Course = [
  [5, -19, 46, 6.6],
  [-8, -20, 32, 6.4],
  [-26, -21, 16, 6],
  [-38, -22, 2, 4.8],
];

/** Points in a lung, at least `inside` mm from its surface. */
export function lungPoints(
  patient: Patient,
  side: Side,
  count: number,
  inside: number,
  random: PhantomRandom,
): Vec3[] {
  const field = lungField(patient, side);
  const heart = heartField(patient);
  const [lo, hi] = lungBounds(side);
  const points: Vec3[] = [];
  // A lung fills more than a tenth of its box; the bound only guards against a patient without room.
  for (let tries = 0; points.length < count && tries < 60 * count + 600; tries++) {
    const p: Vec3 = [
      random.range(lo[0], hi[0]),
      random.range(lo[1], hi[1]),
      random.range(lo[2], hi[2]),
    ];
    if (field(p[0], p[1], p[2]) < -inside && heart(p[0], p[1], p[2]) > 10) points.push(p);
  }
  return points;
}
