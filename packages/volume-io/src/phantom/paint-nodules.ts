import { type PhantomNodule, phantomLabels } from './api.js';
import { length3, sinTurns } from './exact-math.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './mask-field.js';
import { maskCone } from './mask-tube.js';
import { lungPoints } from './paint-lungs.js';
import type { Patient } from './patient.js';
import { phantomRandom } from './random.js';
import { valueNoise } from './value-noise.js';

/** Nodules of 3 to 13 mm radius in the lungs: lobulated, some with spicules, some ground-glass or calcified. Positions are in the patient's own mm. */
export function paintNodules(
  grid: PhantomGrid,
  mask: Mask,
  patient: Patient,
  count: number | undefined,
): PhantomNodule[] {
  const drawn = phantomRandom(patient.seed, 30).int(0, 4);
  const nodules: PhantomNodule[] = [];
  for (let n = 0; n < (count ?? drawn); n++) {
    const random = phantomRandom(patient.seed, 100 + n);
    const shape = random.uniform();
    const kind = shape < 0.7 ? 'solid' : shape < 0.88 ? 'ground-glass' : 'calcified';
    const radius =
      kind === 'calcified' ? random.range(2.5, 6) : 3 + 10 * random.uniform() * random.uniform();
    const hu =
      kind === 'solid'
        ? random.range(15, 60)
        : kind === 'ground-glass'
          ? random.range(-620, -420)
          : random.range(250, 600);
    const side = random.uniform() < 0.55 ? 1 : -1;
    const center = lungPoints(patient, side, 1, radius * 0.8, random)[0];
    if (!center) continue;
    const surface = valueNoise(random.word());
    const rough = radius * (kind === 'calcified' ? 0.08 : 0.28);
    const [cx, cy, cz] = center;
    const reach = radius + rough;
    maskField(
      grid,
      mask,
      [
        [cx - reach, cy - reach, cz - reach],
        [cx + reach, cy + reach, cz + reach],
      ],
      (x, y, z) => {
        const d = length3(x - cx, y - cy, z - cz);
        const s = 1.6 / (d + 0.1);
        return d - radius - rough * surface((x - cx) * s + 9, (y - cy) * s, (z - cz) * s);
      },
    );
    if (kind === 'solid' && random.uniform() < 0.45) {
      for (let spicule = 0; spicule < 14; spicule++) {
        const up = random.range(-1, 1);
        const turn = random.uniform();
        const flat = Math.sqrt(1 - up * up);
        const l = radius * random.range(1.3, 1.9);
        maskCone(
          grid,
          mask,
          { at: center, radius: 0.16 * radius },
          {
            at: [
              cx + l * flat * sinTurns(turn),
              cy + l * flat * sinTurns(turn + 0.25),
              cz + l * up,
            ],
            radius: 0.25,
          },
        );
      }
    }
    paintMask(grid, mask, hu, phantomLabels.nodule);
    nodules.push({ center, radius, hu, kind });
  }
  return nodules;
}
