import type { Vec3 } from '@genesis/core';
import type { ChestPhantomOpts } from './api.js';
import { phantomRandom } from './random.js';

/** Everything that makes one patient differ from the next; lengths in mm before `scale`. */
export interface Patient {
  seed: number;
  /** Body size relative to the model, along x, y, z. */
  scale: Vec3;
  /** Shift of the body in the field of view, mm. */
  shift: Vec3;
  /** Thickness of the fat under the skin. */
  fat: number;
  breasts: boolean;
  contrast: boolean;
  heartSize: number;
  /** How far the diaphragm is pushed down: inspiration. */
  inspiration: number;
  lungHu: number;
  /** Increase of lung density from front to back, HU. */
  gravity: number;
  kyphosis: number;
  /** Height of the first rib and vertebra. */
  level: number;
  ribDrop: number;
  /** Right ribs above the left ones by twice this. */
  tilt: number;
  /** HU of the inside of the vertebrae; falls with age. */
  marrow: number;
  /** Sideways course of the descending aorta. */
  aortaSway: number;
  noise: number;
}

export function drawPatient(opts: ChestPhantomOpts): Patient {
  const random = phantomRandom(opts.seed, 0);
  const height = random.range(0.93, 1.05);
  const breasts = random.uniform() < 0.5;
  const size = breasts ? height * 0.97 : height;
  const contrast = random.uniform() < 0.4;
  const noise = random.range(9, 20);
  return {
    seed: opts.seed,
    scale: [size * random.range(0.97, 1.03), size * random.range(0.95, 1.05), height],
    shift: [random.range(-8, 8), random.range(-6, 6), random.range(-6, 6)],
    fat: 6 + 19 * random.uniform() * random.range(0.3, 1),
    breasts,
    heartSize: random.range(0.9, 1.12),
    inspiration: random.range(-10, 12),
    lungHu: random.range(-885, -835),
    gravity: random.range(30, 80),
    kyphosis: random.range(0.7, 1.4),
    level: random.range(-8, 8),
    ribDrop: random.range(0.85, 1.15),
    tilt: random.range(-4, 4),
    marrow: random.range(120, 230),
    aortaSway: random.range(-4, 8),
    contrast: opts.contrast ?? contrast,
    noise: opts.noise ?? noise,
  };
}
