import { compose, kernelsInUse, type Pair, type Shape3 } from '@genesis/transforms';
import { drawPreset, presets } from './augment-preset.js';
import { createSteps, factorsOf, type Step } from './augment-steps.js';
import { byId, showName } from './by-id.js';
import { action, choice, fold, group, slider } from './controls.js';
import { createSliceView } from './slices.js';
import type { Loaded } from './volumes.js';

const plainView = createSliceView(byId('plain'));
const augmentedView = createSliceView(byId('augmented'));
const steps = createSteps();
let loaded: Loaded;
let at: [number, number, number] = [0, 0, 0];
let seed = 1;
let preset = 'nnU-Net';
let hasLabels = true;

const shapeOf = (): Shape3 => {
  const [x, y, z] = loaded.data.shape;
  return [x, y, z];
};

/** Numbers of factors short enough to be read. */
const shorten = (_: string, value: unknown): unknown => {
  if (typeof value === 'number') return Math.round(value * 1000) / 1000;
  if (Array.isArray(value) && value.length > 12) return `${value.length} numbers`;
  return value;
};

/** Augments and draws: what every slider does. */
function update(): void {
  const pair: Pair = { image: loaded.data, label: loaded.label };
  const on = steps.filter(({ isOn }) => isOn);
  const factors = on.map((step) => factorsOf(step, shapeOf(), seed));
  const start = performance.now();
  const made =
    on.length === 0
      ? pair
      : compose(...on.map(({ augmentation }) => augmentation)).apply(pair, factors);
  const elapsed = performance.now() - start;
  plainView.draw(loaded.data, loaded.spacing, at, hasLabels ? loaded.label : undefined);
  augmentedView.draw(made.image, loaded.spacing, at, hasLabels ? made.label : undefined);
  const lines = on.map((step, i) => `${step.id} ${JSON.stringify(factors[i], shorten)}`);
  byId('factors').textContent = lines.join('\n') || 'Nothing is turned on.';
  showName(loaded);
  byId('timing').textContent = `augmented in ${elapsed.toFixed(1)} ms (${kernelsInUse()})`;
}

function drawAgain(): void {
  seed++;
  drawPreset(steps, preset, seed, shapeOf());
  rebuild();
}

function presetPanel(parent: HTMLElement): void {
  choice(parent, {
    id: 'preset',
    label: 'preset',
    values: Object.keys(presets),
    pressed: (name) => name === preset,
    choose: (name) => {
      preset = name;
      drawAgain();
    },
  });
  slider(parent, {
    id: 'augment-seed',
    label: 'seed',
    min: 0,
    max: 999,
    value: seed,
    change: (value) => {
      seed = value;
      update();
    },
  });
  action(parent, 'draw-again', 'Draw again', drawAgain);
  action(parent, 'all-off', 'Turn all off', () => {
    for (const step of steps) step.isOn = false;
    rebuild();
  });
}

function slicePanel(parent: HTMLElement): void {
  for (const [axis, name] of ['x', 'y', 'z'].entries()) {
    slider(parent, {
      id: `augment-at-${name}`,
      label: name,
      min: 0,
      max: loaded.data.shape[axis] - 1,
      value: at[axis],
      change: (value) => {
        at[axis] = value;
        update();
      },
    });
  }
  choice(parent, {
    id: 'labels',
    label: 'labels',
    values: ['shown', 'hidden'] as const,
    pressed: (value) => (value === 'shown') === hasLabels,
    choose: (value) => {
      hasLabels = value === 'shown';
      rebuild();
    },
  });
}

function stepPanel(parent: HTMLElement, step: Step): void {
  const body = fold(parent, {
    id: `on-${step.id}`,
    title: step.title,
    isOn: step.isOn,
    isOpen: step.isOpen,
    turn: (isOn) => {
      step.isOn = isOn;
      step.isOpen = isOn;
      rebuild();
    },
    fold: (isOpen) => {
      step.isOpen = isOpen;
    },
  });
  for (const [i, own] of step.knobs.entries()) {
    slider(body, {
      id: `${step.id}-${i}`,
      ...own,
      change: (value) => {
        own.value = value;
        if (step.isOn) update();
      },
    });
  }
}

function rebuild(): void {
  const parent = byId('augment-panels');
  const top = parent.parentElement?.scrollTop ?? 0;
  parent.replaceChildren();
  presetPanel(group(parent, 'Preset'));
  slicePanel(group(parent, 'Slices'));
  const all = group(parent, 'Augmentations');
  for (const step of steps) stepPanel(all, step);
  if (parent.parentElement) parent.parentElement.scrollTop = top;
  update();
}

/** Shows another volume. */
export function showAugmentations(volume: Loaded): void {
  loaded = volume;
  const [x, y, z] = loaded.data.shape;
  at = [Math.floor(x / 2), Math.floor(y / 2), Math.floor(z / 2)];
  rebuild();
}
