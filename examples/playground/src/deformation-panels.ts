import { action, choice, group, slider } from './controls.js';
import type { State } from './deformation-state.js';

export interface PanelActions {
  /** Deform and draw again. */
  update(): void;
  /** Also the controls are others. */
  rebuild(): void;
  /** New factors from the seed. */
  draw(): void;
  paint(kind: 'none' | 'in' | 'out'): void;
}

const AXES = ['x', 'y', 'z'] as const;

/** All sliders for the present factors. */
export function panels(parent: HTMLElement, state: State, actions: PanelActions): void {
  const top = parent.parentElement?.scrollTop ?? 0;
  parent.replaceChildren();
  slices(group(parent, 'Slices'), state, actions);
  flips(group(parent, 'Flip'), state, actions);
  shuffling(group(parent, 'Local shuffling'), state, actions);
  intensity(group(parent, 'Intensity'), state, actions);
  painting(group(parent, 'Painting'), state, actions);
  const seed = group(parent, 'Seed');
  slider(seed, {
    id: 'seed',
    label: 'seed',
    min: 0,
    max: 999,
    value: state.seed,
    change: (value) => {
      state.seed = value;
    },
  });
  action(seed, 'draw', 'Draw all factors from the seed', actions.draw);
  if (parent.parentElement) parent.parentElement.scrollTop = top;
}

function slices(parent: HTMLElement, state: State, { update }: PanelActions): void {
  for (const [axis, name] of AXES.entries()) {
    slider(parent, {
      id: `at-${name}`,
      label: name,
      min: 0,
      max: state.loaded.data.shape[axis] - 1,
      value: state.at[axis],
      change: (value) => {
        state.at[axis] = value;
        update();
      },
    });
  }
}

function flips(parent: HTMLElement, { factors }: State, { rebuild }: PanelActions): void {
  const axes = (): (0 | 1 | 2)[] => factors.flip.axes as (0 | 1 | 2)[];
  const index = (name: (typeof AXES)[number]): 0 | 1 | 2 => AXES.indexOf(name) as 0 | 1 | 2;
  const pressed = (name: (typeof AXES)[number]): boolean =>
    axes().filter((axis) => axis === index(name)).length % 2 === 1;
  choice(parent, {
    id: 'flip',
    label: 'axes',
    values: AXES,
    pressed,
    choose: (name) => {
      factors.flip.axes = pressed(name)
        ? axes().filter((axis) => axis !== index(name))
        : [...axes(), index(name)];
      rebuild();
    },
  });
}

function shuffling(parent: HTMLElement, state: State, { update }: PanelActions): void {
  const seeded = state.factors.localShuffling;
  if ('windows' in seeded) return;
  slider(parent, {
    id: 'windows',
    label: 'windows',
    min: 0,
    max: 20000,
    step: 100,
    value: seeded.count,
    change: (value) => {
      seeded.count = value;
      update();
    },
  });
  for (const [axis, name] of AXES.entries()) {
    slider(parent, {
      id: `window-${name}`,
      label: `largest ${name}`,
      min: 1,
      max: Math.max(2, Math.floor(state.loaded.data.shape[axis] / 4)),
      value: seeded.maxSize[axis],
      change: (value) => {
        seeded.maxSize[axis] = Math.min(value, state.loaded.data.shape[axis]);
        update();
      },
    });
  }
}

function intensity(parent: HTMLElement, { factors }: State, actions: PanelActions): void {
  const curve = factors.bezierIntensity.curves[0];
  const kinds = ['none', 'rising', 'falling'] as const;
  const kind = curve === undefined ? 'none' : curve.increasing ? 'rising' : 'falling';
  choice(parent, {
    id: 'curve',
    label: 'map',
    values: kinds,
    pressed: (value) => value === kind,
    choose: (value) => {
      const points = curve?.points ?? [0.25, 0.75, 0.75, 0.9];
      factors.bezierIntensity.curves =
        value === 'none' ? [] : [{ points, increasing: value === 'rising' }];
      actions.rebuild();
    },
  });
  if (curve === undefined) return;
  for (const [i, label] of ['x₁', 'y₁', 'x₂', 'y₂'].entries()) {
    slider(parent, {
      id: `point-${i}`,
      label,
      min: 0,
      max: 1,
      step: 0.01,
      value: curve.points[i],
      change: (value) => {
        curve.points[i] = value;
        actions.update();
      },
    });
  }
}

function painting(parent: HTMLElement, state: State, actions: PanelActions): void {
  const { inPainting, outPainting } = state.factors;
  const kind = inPainting.boxes.length > 0 ? 'in' : outPainting.boxes.length > 0 ? 'out' : 'none';
  choice(parent, {
    id: 'paint',
    label: 'kind',
    values: ['none', 'in', 'out'] as const,
    pressed: (value) => value === kind,
    choose: actions.paint,
  });
  const boxes = kind === 'in' ? inPainting.boxes : outPainting.boxes;
  if (boxes.length === 0) return;
  choice(parent, {
    id: 'box',
    label: 'box',
    values: boxes.map((_, i) => String(i + 1)),
    pressed: (value) => Number(value) - 1 === state.box,
    choose: (value) => {
      state.box = Number(value) - 1;
      actions.rebuild();
    },
  });
  const box = boxes[state.box];
  for (const [axis, name] of AXES.entries()) {
    const side = state.loaded.data.shape[axis];
    slider(parent, {
      id: `start-${name}`,
      label: `start ${name}`,
      min: 0,
      max: side - 1,
      value: box.start[axis],
      change: (value) => {
        box.start[axis] = Math.min(value, side - box.size[axis]);
        actions.update();
      },
    });
    slider(parent, {
      id: `size-${name}`,
      label: `size ${name}`,
      min: 1,
      max: side,
      value: box.size[axis],
      change: (value) => {
        box.size[axis] = value;
        box.start[axis] = Math.min(box.start[axis], side - value);
        actions.update();
      },
    });
  }
}
