import {
  createRng,
  genesis,
  inPainting,
  kernelsInUse,
  outPainting,
  type Shape3,
} from '@genesis/transforms';
import { byId, showName } from './by-id.js';
import { panels } from './deformation-panels.js';
import { editable, type State } from './deformation-state.js';
import { dragPoints, drawCurve, drawHistogram } from './plots.js';
import { measurePool } from './pool.js';
import { createSliceView } from './slices.js';
import type { Loaded } from './volumes.js';

const task = genesis();
const originalView = createSliceView(byId('original'));
const deformedView = createSliceView(byId('deformed'));
let state = { seed: 8 } as State;

const shapeOf = (): Shape3 => {
  const [x, y, z] = state.loaded.data.shape;
  return [x, y, z];
};

/** New factors for this seed, at the preset's rates. */
function draw(): void {
  state.factors = editable(task.draw(createRng(state.seed), shapeOf()));
  state.box = 0;
  rebuild();
}

function paint(kind: 'none' | 'in' | 'out'): void {
  const rng = createRng(state.seed, 1);
  const inner = inPainting({ rate: kind === 'in' ? 1 : 0, boxRate: 1 });
  const outer = outPainting({ rate: kind === 'out' ? 1 : 0 });
  state.factors.inPainting = editable(inner.draw(rng, shapeOf()));
  state.factors.outPainting = editable(outer.draw(rng, shapeOf()));
  state.box = 0;
  rebuild();
}

/** Deforms and draws: what every slider does. */
function update(): void {
  const { loaded, factors, at } = state;
  const start = performance.now();
  const { input, target } = task.apply(loaded.data, factors);
  const elapsed = performance.now() - start;
  originalView.draw(target, loaded.spacing, at);
  deformedView.draw(input, loaded.spacing, at);
  drawCurve(byId<HTMLCanvasElement>('curve'), factors.bezierIntensity.curves[0]);
  drawHistogram(byId<HTMLCanvasElement>('histogram'), target, input);
  showName(loaded);
  byId('timing').textContent = `deformed in ${elapsed.toFixed(1)} ms (${kernelsInUse()})`;
}

function rebuild(): void {
  panels(byId('panels'), state, { update, rebuild, draw, paint });
  update();
}

/** Shows another volume. */
export function showDeformations(loaded: Loaded): void {
  const [x, y, z] = loaded.data.shape;
  const at: State['at'] = [Math.floor(x / 2), Math.floor(y / 2), Math.floor(z / 2)];
  state = { ...state, loaded, at };
  draw();
}

dragPoints(
  byId<HTMLCanvasElement>('curve'),
  () => state.factors.bezierIntensity.curves[0]?.points,
  (which, x, y) => {
    const { points } = state.factors.bezierIntensity.curves[0];
    points[2 * which] = x;
    points[2 * which + 1] = y;
    update();
  },
);

byId('measure').addEventListener('click', async () => {
  const rate = byId<HTMLOutputElement>('rate');
  rate.value = 'measuring…';
  try {
    rate.value = await measurePool();
  } catch (error) {
    rate.value = String(error);
  }
});
