import {
  type Augmentation,
  createRng,
  light,
  nnunet,
  nnunetNoMirror,
  type Shape3,
  type SpatialFactors,
} from '@genesis/transforms';
import type { Step } from './augment-steps.js';

interface OfChannel {
  sigma?: number | number[];
  factor?: number;
  shift?: number;
  scale?: number[];
  gamma?: number;
}
type StepFactors = { channels: (OfChannel | null)[] } | SpatialFactors | { axes: number[] };

/** The steps of both nnU-Net presets; without mirroring the last draws nothing. */
const NNUNET = [
  'spatial',
  'gaussian-noise',
  'gaussian-blur',
  'brightness',
  'contrast',
  'low-resolution',
  'gamma-inverted',
  'gamma',
  'mirror',
] as const;

/** The presets by their names, with the sliders that each of their steps moves. */
export const presets: Record<string, { augmentation: Augmentation; steps: readonly string[] }> = {
  'nnU-Net': {
    augmentation: nnunet(),
    steps: NNUNET,
  },
  'no mirroring': {
    augmentation: nnunetNoMirror(),
    steps: NNUNET,
  },
  light: {
    augmentation: light(),
    steps: ['spatial', 'gaussian-noise', 'brightness', 'contrast', 'gamma', 'mirror'],
  },
};

/** Sets the sliders of a step to what was drawn; turns it off when nothing was. */
function adopt(step: Step, factors: StepFactors): void {
  const set = (values: readonly number[]): void => {
    for (const [i, value] of values.entries()) if (step.knobs[i]) step.knobs[i].value = value;
  };
  if ('axes' in factors) {
    step.isOn = factors.axes.length > 0;
    set([0, 1, 2].map((axis) => Number(factors.axes.includes(axis))));
  } else if ('angles' in factors) {
    const { angles, scales } = factors;
    step.isOn = angles.some((v) => v !== 0) || scales.some((v) => v !== 1);
    set([...angles.map((v) => (v * 180) / Math.PI), ...scales, 0, 0, 0, 0, 0, 0, 0]);
  } else {
    const own = factors.channels[0];
    step.isOn = own !== null;
    if (own === null) return;
    const { sigma, factor, shift, scale, gamma } = own;
    set([sigma ?? factor ?? scale ?? gamma ?? 0, shift ?? []].flat());
  }
}

/** Draws a preset's factors and moves the sliders to them; what the preset does not know is turned off. */
export function drawPreset(
  steps: readonly Step[],
  name: string,
  seed: number,
  shape: Shape3,
): void {
  const { augmentation, steps: ids } = presets[name];
  const factors = augmentation.draw(createRng(seed), shape) as StepFactors[];
  for (const step of steps) step.isOn = false;
  for (const [i, id] of ids.entries()) {
    const step = steps.find((own) => own.id === id);
    if (step !== undefined) adopt(step, factors[i]);
  }
  for (const step of steps) step.isOpen = step.isOpen && step.isOn;
}
