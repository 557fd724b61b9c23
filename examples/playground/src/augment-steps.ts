import {
  type Augmentation,
  biasField,
  brightness,
  contrast,
  createRng,
  cutOut,
  gamma,
  gaussianBlur,
  gaussianNoise,
  ghosting,
  histogramShift,
  lowResolution,
  mirror,
  motion,
  type Rng,
  ricianNoise,
  type Shape3,
  sharpening,
  spatial,
  spikes,
  transposition,
  windowJitter,
} from '@genesis/transforms';

/** One number that a slider changes. */
export interface Knob {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
}

/** One augmentation with its sliders. */
export interface Step {
  id: string;
  title: string;
  augmentation: Augmentation;
  isOn: boolean;
  isOpen: boolean;
  knobs: Knob[];
  /** The factors that the sliders stand for. What has no slider is drawn from `rng`. */
  factors(values: readonly number[], shape: Shape3, rng: Rng): unknown;
}

const AXES = ['x', 'y', 'z'];

const knob = (label: string, min: number, max: number, value: number, step = 0.01): Knob => ({
  label,
  min,
  max,
  step,
  value,
});
const three = (label: string, min: number, max: number, value: number, step?: number): Knob[] =>
  AXES.map((axis) => knob(`${label} ${axis}`, min, max, value, step));

/** Factors of the image's one channel. */
const one = (factors: unknown): unknown => ({ channels: [factors] });

const seed = (rng: Rng): { seed: [number, number] } => ({
  seed: [rng.int(0, 2 ** 31), rng.int(0, 2 ** 31)],
});

type Make = Omit<Step, 'isOn' | 'isOpen'>;

/** Random control points of this strength; the outermost layers stay. */
function elasticOf(strength: number, shape: Shape3, rng: Rng): unknown {
  if (strength === 0) return null;
  return spatial({ elastic: { displacement: strength } }).draw(rng, shape).elastic;
}

const definitions: Make[] = [
  {
    id: 'spatial',
    title: 'Spatial',
    augmentation: spatial(),
    knobs: [
      ...three('turn °', -180, 180, 0, 1),
      ...three('scale', 0.5, 2, 1),
      ...three('move', -40, 40, 0, 1),
      ...['x/y', 'x/z', 'y/z'].map((axes) => knob(`shear ${axes}`, -0.5, 0.5, 0)),
      knob('elastic', 0, 20, 0, 0.5),
    ],
    factors: (v, shape, rng) => ({
      shape,
      center: shape.map((n) => (n - 1) / 2),
      angles: v.slice(0, 3).map((degrees) => (degrees * Math.PI) / 180),
      scales: v.slice(3, 6),
      translation: v.slice(6, 9),
      shears: v.slice(9, 12),
      elastic: elasticOf(v[12], shape, rng),
    }),
  },
  {
    id: 'motion',
    title: 'Motion (MR)',
    augmentation: motion(),
    knobs: [knob('turn °', 0, 20, 4, 0.5), knob('move', 0, 20, 4, 0.5)],
    factors: (v, shape, rng) => {
      const angle = (v[0] * Math.PI) / 180;
      return motion({ angle: [-angle, angle], translation: [-v[1], v[1]] }).draw(rng, shape);
    },
  },
  {
    id: 'ghosting',
    title: 'Ghosting (MR)',
    augmentation: ghosting(),
    knobs: [knob('ghosts', 2, 12, 5, 1), knob('axis', 0, 2, 1, 1), knob('intensity', 0, 1.5, 0.7)],
    factors: (v) => one({ ghosts: v[0], axis: v[1], intensity: v[2], restore: null }),
  },
  {
    id: 'spikes',
    title: 'Spikes (MR)',
    augmentation: spikes(),
    knobs: [...three('place', 0, 0.99, 0.45), knob('intensity', -1, 1, 0.3)],
    factors: (v) => one({ places: [v.slice(0, 3)], intensity: v[3] }),
  },
  {
    id: 'bias-field',
    title: 'Bias field (MR)',
    augmentation: biasField(),
    knobs: [knob('strength', 0, 1, 0.4)],
    factors: (v, shape, rng) => biasField({ coefficients: [-v[0], v[0]] }).draw(rng, shape),
  },
  {
    id: 'window-jitter',
    title: 'Window (CT)',
    augmentation: windowJitter(),
    knobs: [knob('center', 0, 1, 0.5), knob('width', 0.05, 1, 0.5)],
    factors: (v) => one({ center: v[0], width: v[1] }),
  },
  {
    id: 'gaussian-noise',
    title: 'Gaussian noise',
    augmentation: gaussianNoise(),
    knobs: [knob('sigma', 0, 0.3, 0.05)],
    factors: (v, _, rng) => one({ sigma: v[0], noise: seed(rng) }),
  },
  {
    id: 'rician-noise',
    title: 'Rician noise',
    augmentation: ricianNoise(),
    knobs: [knob('sigma', 0, 0.3, 0.08)],
    factors: (v, _, rng) => one({ sigma: v[0], noise: seed(rng) }),
  },
  {
    id: 'gaussian-blur',
    title: 'Blur',
    augmentation: gaussianBlur(),
    knobs: three('sigma', 0, 5, 1),
    factors: (v) => one({ sigma: v }),
  },
  {
    id: 'sharpening',
    title: 'Sharpening',
    augmentation: sharpening(),
    knobs: [knob('strength', 0, 2, 0.5)],
    factors: (v) => one({ strength: v[0], clamp: true }),
  },
  {
    id: 'brightness',
    title: 'Brightness',
    augmentation: brightness(),
    knobs: [knob('factor', 0.25, 2, 1.25), knob('shift', -0.5, 0.5, 0)],
    factors: (v) => one({ factor: v[0], shift: v[1] }),
  },
  {
    id: 'contrast',
    title: 'Contrast',
    augmentation: contrast(),
    knobs: [knob('factor', 0.25, 2, 1.25)],
    factors: (v) => one({ factor: v[0] }),
  },
  {
    id: 'low-resolution',
    title: 'Low resolution',
    augmentation: lowResolution(),
    knobs: three('scale', 0.1, 1, 0.5),
    factors: (v) => one({ scale: v }),
  },
  {
    id: 'gamma-inverted',
    title: 'Gamma, inverted',
    augmentation: gamma(),
    knobs: [knob('gamma', 0.3, 3, 1.4)],
    factors: (v) => one({ gamma: v[0], invert: true, keepStats: true }),
  },
  {
    id: 'gamma',
    title: 'Gamma',
    augmentation: gamma(),
    knobs: [knob('gamma', 0.3, 3, 0.7)],
    factors: (v) => one({ gamma: v[0], invert: false, keepStats: true }),
  },
  {
    id: 'histogram-shift',
    title: 'Histogram shift',
    augmentation: histogramShift(),
    knobs: [knob('points', 3, 20, 6, 1)],
    factors: (v, shape, rng) => histogramShift({ points: v[0] }).draw(rng, shape),
  },
  {
    id: 'cut-out',
    title: 'Cut-out',
    augmentation: cutOut(),
    knobs: [knob('boxes', 1, 12, 3, 1), knob('side', 0.05, 0.6, 0.25)],
    factors: (v, shape, rng) => cutOut({ boxes: v[0], sides: v[1] }).draw(rng, shape),
  },
  {
    id: 'mirror',
    title: 'Mirror',
    augmentation: mirror(),
    knobs: three('axis', 0, 1, 0, 1).map((own, axis) => ({ ...own, value: axis === 0 ? 1 : 0 })),
    factors: (v) => ({ axes: [0, 1, 2].filter((axis) => v[axis] === 1) }),
  },
  {
    id: 'transposition',
    title: 'Transposition',
    augmentation: transposition(),
    knobs: [knob('order', 1, 5, 1, 1)],
    factors: (v) => ({
      order: [
        [1, 0, 2],
        [0, 2, 1],
        [2, 1, 0],
        [1, 2, 0],
        [2, 0, 1],
      ][v[0] - 1],
    }),
  },
];

/** All augmentations, none of them turned on. */
export const createSteps = (): Step[] =>
  definitions.map((definition) => ({
    ...definition,
    knobs: definition.knobs.map((own) => ({ ...own })),
    isOn: false,
    isOpen: false,
  }));

/** The factors of a step; the same for the same seed. */
export const factorsOf = (step: Step, shape: Shape3, seedNumber: number): unknown =>
  step.factors(
    step.knobs.map(({ value }) => value),
    shape,
    createRng(
      seedNumber,
      definitions.findIndex(({ id }) => id === step.id),
    ),
  );
