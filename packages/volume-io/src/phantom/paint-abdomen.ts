import { phantomLabels } from './api.js';
import { length3, smoothMax } from './exact-math.js';
import type { Bounds, PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { type Field, maskField } from './mask-field.js';
import type { Patient } from './patient.js';
import { CAVITY, cavityField, diaphragmHeight, ellipsoidField, type Side } from './torso.js';
import { valueNoise } from './value-noise.js';

const TOP = -30;
const WHOLE: Bounds = [
  [-CAVITY.width, -CAVITY.depth, -1e4],
  [CAVITY.width, CAVITY.depth, TOP],
];

/** What lies under the diaphragm: its muscle, liver, spleen, stomach with its air bubble. */
export function paintAbdomen(grid: PhantomGrid, mask: Mask, patient: Patient, key: number): void {
  const cavity = cavityField();
  const texture = valueNoise(key);
  // The muscle is a sheet of 3 mm over the domes.
  for (const [muscle, label] of [
    [0, phantomLabels.body],
    [1, null],
  ] as const) {
    for (const side of [-1, 1] as const) {
      const half: Bounds = [
        [side < 0 ? -CAVITY.width : -20, -CAVITY.depth, -1e4],
        [side < 0 ? 20 : CAVITY.width, CAVITY.depth, TOP],
      ];
      const below = underDome(patient, side);
      maskField(grid, mask, half, (x, y, z) =>
        smoothMax(
          smoothMax(cavity(x, y, z) + 3 * muscle, below(x, y, z) + 2.2 * muscle, 8),
          -side * x - 6 + 4 * muscle,
          10,
        ),
      );
    }
    const fat = (x: number, y: number, z: number): number =>
      -98 + 15 * texture(x / 8, y / 8, z / 8);
    paintMask(grid, mask, muscle === 0 ? 50 : fat, label);
  }
  paintLiver(grid, mask, patient, cavity, texture);
  paintSpleen(grid, mask, patient, cavity);
  paintStomach(grid, mask, patient, cavity);
}

/** Negative under one side's dome. */
function underDome(patient: Patient, side: Side): Field {
  return (x, y, z) => 0.7 * (z - diaphragmHeight(patient, side, x, y));
}

/** Fills the right dome and thins out to the left, with a notch for spine and stomach. */
function paintLiver(
  grid: PhantomGrid,
  mask: Mask,
  patient: Patient,
  cavity: Field,
  texture: Field,
): void {
  const lobe = ellipsoidField([50, 8, -150], [122, 90, 100]);
  const dome = underDome(patient, 1);
  maskField(grid, mask, WHOLE, (x, y, z) => {
    const roof = dome(Math.max(x, 0), y, z) + (x < 0 ? -0.75 * x : 0);
    const notch = 26 - length3((x + 4) * 0.9, y + 46, 0);
    const left = -x - 60 - 0.5 * (y - 20);
    return smoothMax(
      smoothMax(smoothMax(lobe(x, y, z), cavity(x, y, z) + 4, 5), roof + 2.6, 4),
      smoothMax(notch, left, 8),
      8,
    );
  });
  const hu = patient.contrast ? 95 : 58;
  paintMask(grid, mask, (x, y, z) => hu + 6 * texture(x / 6, y / 6, z / 6), phantomLabels.liver);
}

function paintSpleen(grid: PhantomGrid, mask: Mask, patient: Patient, cavity: Field): void {
  const spleen = ellipsoidField([-96, -38, -148], [32, 46, 48]);
  const dome = underDome(patient, -1);
  const bounds: Bounds = [
    [-130, -86, -198],
    [-62, 10, -96],
  ];
  maskField(grid, mask, bounds, (x, y, z) =>
    smoothMax(smoothMax(spleen(x, y, z), cavity(x, y, z) + 6, 6), dome(x, y, z) + 3, 6),
  );
  paintMask(grid, mask, patient.contrast ? 110 : 50, phantomLabels.body);
}

function paintStomach(grid: PhantomGrid, mask: Mask, patient: Patient, cavity: Field): void {
  const sack = ellipsoidField([-62, 22, -142], [42, 48, 46]);
  const dome = underDome(patient, -1);
  const bounds: Bounds = [
    [-106, -28, -190],
    [-18, 72, -94],
  ];
  const stomach: Field = (x, y, z) =>
    smoothMax(smoothMax(sack(x, y, z), cavity(x, y, z) + 7, 6), dome(x, y, z) + 3.5, 6);
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
