import type { Vec3 } from '@genesis/core';
import { phantomLabels } from './api.js';
import { cosTurns, sinTurns, smoothStep } from './exact-math.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskTube, type TubePoint } from './mask-tube.js';
import { spineY, vertebraZ } from './paint-spine.js';
import type { Patient } from './patient.js';
import { CAVITY } from './torso.js';

const STEPS = 36;
/** How far round the chest each rib is bone, 1 being the front midline, and whether cartilage goes on to the sternum. */
const BONY = [0.74, 0.76, 0.78, 0.78, 0.78, 0.77, 0.75, 0.7, 0.64, 0.57, 0.42, 0.3];
const REACHES_STERNUM = 7;
/** Descent in mm from back to front. */
const DROP = [22, 38, 50, 60, 68, 76, 82, 86, 84, 78, 56, 36];
/** Taller than thick. */
const FLAT: Vec3 = [1, 1, 1.45];

/** Twelve pairs of ribs sloping down to the front, cortical outside and spongy inside, and their cartilages. */
export function paintRibs(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  const bones: TubePoint[][] = [];
  const cartilages: TubePoint[][] = [];
  for (let n = 0; n < BONY.length; n++) {
    for (const side of [-1, 1]) {
      const course = ribCourse(patient, n, side);
      const last = Math.round(BONY[n] * STEPS);
      bones.push(course.slice(0, last + 1));
      if (n < REACHES_STERNUM) cartilages.push([...course.slice(last, STEPS - 3)]);
    }
  }
  for (const c of cartilages) maskTube(grid, mask, c, FLAT);
  paintMask(grid, mask, 95, phantomLabels.body);
  for (const b of bones) maskTube(grid, mask, b, FLAT);
  paintMask(grid, mask, 720, phantomLabels.ribs);
  for (const b of bones) {
    maskTube(
      grid,
      mask,
      b.map((p) => ({ at: p.at, radius: p.radius - 1.6 })),
      FLAT,
    );
  }
  paintMask(grid, mask, 230, phantomLabels.ribs);
}

/** From the vertebra over the side to the sternum, on the outside of the cavity. */
function ribCourse(patient: Patient, n: number, side: number): TubePoint[] {
  const start = vertebraZ(patient, n) + 6 + side * patient.tilt;
  const head: Vec3 = [side * 20, spineY(patient, start) - 9, start];
  const points: TubePoint[] = [{ at: head, radius: 4.2 }];
  for (let step = 1; step <= STEPS; step++) {
    const t = step / STEPS;
    const z = start - DROP[n] * patient.ribDrop * (0.35 * t + 0.65 * smoothStep(0.02, 1.05, t));
    // Turns from the back (1/4 … sideways … −1/4 front), leaving the spine at an angle to it.
    const turn = 0.205 - 0.455 * t;
    const u = z > CAVITY.shoulder ? (z - CAVITY.shoulder) / (CAVITY.top - CAVITY.shoulder) : 0;
    // The first ribs keep a girdle of their own over the tip of the lung.
    const narrow = Math.sqrt(Math.max(0.13, 1 - u * u));
    const c = cosTurns(turn);
    const s = -sinTurns(turn);
    const square = s < 0 ? 0.4 : 0.15;
    const outline = 1 / (1 - square + square * Math.sqrt(Math.sqrt(c * c * c * c + s * s * s * s)));
    const x = side * (CAVITY.width * narrow + 6) * c * outline;
    const y = (CAVITY.depth * narrow + 6) * s * outline;
    const blend = smoothStep(0, 0.09, t);
    points.push({
      at: [
        head[0] + (t < 0.09 ? blend : 1) * (x - head[0]),
        head[1] + (t < 0.09 ? blend : 1) * (y - head[1]),
        z,
      ],
      radius: n === 0 || n > 9 ? 4 : 4.6,
    });
  }
  return points;
}
