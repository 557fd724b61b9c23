import { phantomLabels } from './api.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskTube } from './mask-tube.js';
import type { Patient } from './patient.js';
import { type Course, smoothCourse } from './smooth-course.js';

/** Aorta with its three branches, pulmonary trunk, caval and innominate veins, thymus bed, oesophagus. */
export function paintGreatVessels(grid: PhantomGrid, mask: Mask, patient: Patient): void {
  const artery = patient.contrast ? 310 : 44;
  const vein = patient.contrast ? 190 : 42;
  const draw = (course: Course, grow = 0): void => maskTube(grid, mask, smoothCourse(course, grow));

  // Oesophagus: a collapsed tube with a little air.
  const oesophagus: Course = [
    [-3, -26, 160, 6],
    [-5, -33, 90, 7],
    [-4, -40, 30, 8],
    [-7, -36, -30, 8],
    [-16, -26, -95, 9],
  ];
  draw(oesophagus);
  paintMask(grid, mask, 38, phantomLabels.body);
  draw(oesophagus.map(([x, y, z]) => [x, y + 1, z, 1.6]));
  paintMask(grid, mask, -450, null);

  for (const v of VEINS) draw(v);
  paintMask(grid, mask, vein, phantomLabels.body);
  for (const p of PULMONARY) draw(p);
  paintMask(grid, mask, patient.contrast ? 260 : 43, phantomLabels.pulmonaryVessels);
  for (const a of BRANCHES) draw(a);
  paintMask(grid, mask, artery, phantomLabels.body);
  const aorta = aortaCourse(patient);
  draw(aorta, 1.2);
  paintMask(grid, mask, 48, phantomLabels.aorta);
  draw(aorta);
  paintMask(grid, mask, artery, phantomLabels.aorta);
}

function aortaCourse(patient: Patient): Course {
  const s = patient.aortaSway;
  return [
    [-12, 16, -22, 13],
    [4, 26, -4, 15.5],
    [16, 27, 22, 15.5],
    [15, 21, 48, 14.5],
    [4, 8, 66, 14],
    [-10, -10, 70, 13.5],
    [-21, -29, 62, 13],
    [-26, -44, 42, 12.5],
    [-25 - s, -50, 0, 12],
    [-22 - s, -49, -50, 11.5],
    [-14 - s / 2, -46, -100, 11],
    [-6, -42, -170, 10],
  ];
}

const BRANCHES: readonly Course[] = [
  [
    [6, 9, 72, 6.5],
    [14, 8, 98, 6.5],
    [24, 2, 122, 5.5],
    [44, 10, 146, 5],
  ],
  [
    [18, 5, 108, 4],
    [20, 4, 170, 4],
  ],
  [
    [-5, -4, 76, 4.5],
    [-15, -4, 110, 4],
    [-20, 0, 170, 4],
  ],
  [
    [-15, -16, 76, 5.5],
    [-25, -16, 110, 5],
    [-46, 4, 140, 5],
  ],
];

const VEINS: readonly Course[] = [
  // Upper caval vein.
  [
    [24, 19, 92, 8],
    [30, 15, 50, 9.5],
    [31, 10, 0, 10],
    [27, 10, -22, 11],
  ],
  // Left innominate vein, crossing in front of the arteries.
  [
    [24, 19, 90, 7.5],
    [2, 30, 92, 6.5],
    [-26, 20, 104, 6.5],
    [-52, 22, 134, 6],
  ],
  [
    [24, 19, 90, 7.5],
    [30, 15, 112, 7],
    [56, 22, 138, 6],
  ],
  // Lower caval vein.
  [
    [25, 6, -60, 12],
    [22, -4, -100, 12],
    [18, -14, -170, 11],
  ],
  // Azygos vein.
  [
    [8, -48, -140, 3.5],
    [7, -50, 20, 4],
    [12, -42, 46, 4.5],
    [26, -14, 52, 5],
    [30, 10, 48, 5],
  ],
];

const PULMONARY: readonly Course[] = [
  [
    [-26, 42, -20, 13],
    [-27, 34, 4, 14],
    [-23, 16, 26, 13],
    [-26, -4, 34, 12],
    [-38, -20, 32, 10],
    [-47, -26, 16, 8],
  ],
  [
    [-22, 18, 24, 11],
    [-4, 4, 22, 11],
    [18, -4, 18, 11],
    [38, -10, 14, 9.5],
    [47, -16, 2, 8],
  ],
  // Pulmonary veins to the left atrium.
  [
    [8, -18, -16, 9],
    [34, -4, -6, 7],
    [48, 4, 6, 5],
  ],
  [
    [8, -22, -24, 9],
    [30, -24, -30, 7],
    [50, -28, -38, 5],
  ],
  [
    [-16, -18, -14, 9],
    [-36, -6, -2, 7],
    [-50, 4, 10, 5],
  ],
  [
    [-16, -22, -24, 9],
    [-34, -28, -32, 7],
    [-52, -30, -40, 5],
  ],
];
