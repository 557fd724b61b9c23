import type { Shape3 } from '../../api.js';
import { BORDER } from '../../augment-kernels/place-row.js';
import { FIELD } from '../../augment-kernels/resample.js';
import { doubles, floats, words } from '../../augment-kernels/views.js';
import type { Layer } from '../layer.js';
import type { Plane } from '../layout.js';
import type { Stage } from '../stage.js';
import { cellOf } from './elastic.js';
import { apply, type Geometry } from './geometry.js';
import {
  type Border,
  copyWindow,
  elasticReach,
  fillWindow,
  paddedWindowOf,
  type Window,
  widen,
  windowOf,
} from './window.js';

/** How voxels between voxels are made: the nearest, linear, a cubic spline, or the label with the largest linear part. */
export type Sampling = 0 | 1 | 3 | 'majority';

/** One array to resample. */
export interface Item {
  /** The source: a plane of the user's memory, or a layer that is in the heap already. */
  readonly from: { plane: Plane } | { layer: Layer };
  readonly bytes: 1 | 2 | 4;
  readonly sampling: Sampling;
  /** What is beyond the source when the border is constant. */
  readonly fill: number;
}

/** A spline's coefficients of voxels so far from the border are right to 1e-7. */
const PAD = 13;

function kindOf({ bytes, sampling }: Item): number {
  if (bytes === 4) {
    return sampling === 3 ? FIELD.cubic : sampling === 0 ? FIELD.nearest : FIELD.linear;
  }
  if (sampling === 'majority') return bytes === 1 ? FIELD.majority1 : FIELD.majority2;
  return bytes === 1 ? FIELD.nearest1 : FIELD.nearest2;
}

/** Labels count by their bits. */
const fillOf = ({ bytes, fill }: Item): number =>
  bytes === 4 ? fill : bytes === 1 ? fill & 255 : fill & 65535;

/** Brings the window of an item to the heap, as its sampling needs it. */
function place(
  stage: Stage,
  item: Item,
  source: Shape3,
  window: Window,
  padded: Border | null,
): number {
  const { heap, run } = stage.kernels;
  const [nx, ny, nz] = window.shape;
  if ('layer' in item.from && padded === null) return item.from.layer.at;
  const at = stage.room(item.bytes * nx * ny * nz);
  // A cube at the end of an axis of one voxel reads what follows, with a weight of 0.
  new Uint8Array(heap.buffer, at + item.bytes * nx * ny * nz, 16).fill(0);
  const plane = 'plane' in item.from ? item.from.plane : stage.planeOf(item.from.layer, source);
  if (padded === null) copyWindow(heap, plane, source, window, at);
  else fillWindow(heap, plane, source, window, at, padded, fillOf(item));
  if (item.sampling === 3) run.splineCoefficients(at, nx, ny, nz);
  return at;
}

/** Room for the cubes of eight voxels of a label map, for majorities. */
const cellRoom = (
  stage: Stage,
  { bytes, sampling }: Item,
  { shape: [nx, ny, nz] }: Window,
): number => (sampling === 'majority' ? stage.room(bytes * nx * ny * nz) : 0);

/** The control points and, for each voxel along each axis, which of them act on it. */
function putElastic(stage: Stage, { elastic, matrix, shape }: Geometry): number[] {
  if (elastic === null) return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const { controlPoints, displacements } = elastic;
  const [, gy, gz] = controlPoints;
  const grid = new Float64Array((4 * displacements.length) / 3);
  for (let i = 0; i < displacements.length / 3; i++)
    grid.set(apply(matrix, displacements.slice(3 * i, 3 * i + 3)), 4 * i);
  const cells = shape.map((side, axis) =>
    Array.from({ length: side }, (_, i) => cellOf(i, side, controlPoints[axis])),
  );
  return [
    ...controlPoints,
    stage.put(grid),
    // One plane for each that is made at a time.
    stage.room(8 * 16 * gy * gz),
    stage.room(16 * gz),
    ...cells.map((along) =>
      stage.putWords(
        along.map(({ cell }) => cell),
        3,
      ),
    ),
    ...cells.map((along) =>
      stage.put(
        along.flatMap(({ weights }) => weights),
        12,
      ),
    ),
  ];
}

/**
 * Resamples arrays of one shape by one geometry. Their layers have the shape of the crop; the sources' windows are given
 * back.
 *
 * @param source - shape of the sources
 */
export function resample(
  stage: Stage,
  geometry: Geometry,
  source: Shape3,
  border: Border,
  items: readonly Item[],
): Layer[] {
  const { heap, run } = stage.kernels;
  const { shape } = geometry;
  const layers = items.map(({ bytes }) => stage.createLayer(bytes, shape));
  const isCubic = items.some(({ sampling }) => sampling === 3);
  const inHeap = items.some(({ from }) => 'layer' in from);
  const [first] = items;
  let window: Window;
  if (isCubic) window = paddedWindowOf(geometry, source, border, PAD);
  else if (inHeap) window = { start: [0, 0, 0], shape: source, reached: [] };
  else {
    window = windowOf(geometry, source, border);
    if ('plane' in first.from) window = widen(window, first.from.plane, source);
  }
  stage.scratch(() => {
    const places = items.map((item) => place(stage, item, source, window, isCubic ? border : null));
    const cells = items.map((item) => cellRoom(stage, item, window));
    const fields = stage.room(20 * items.length);
    const reached = window.reached.length === 0 ? 0 : stage.putWords(window.reached.flat());
    const elastic = putElastic(stage, geometry);
    const job = stage.room(264);
    for (const [i, item] of items.entries()) {
      words(heap, fields + 20 * i, 4).set([kindOf(item), places[i], cells[i], layers[i].at]);
      floats(heap, fields + 20 * i + 16, 1)[0] = fillOf(item);
    }
    words(heap, job, 29).set([
      ...shape,
      ...window.shape,
      ...source,
      ...window.start,
      // A padded window holds all there is, made up or not.
      isCubic ? BORDER.nearest : BORDER[border],
      isCubic ? 1 : 0,
      fields,
      items.length,
      ...elastic,
      reached,
    ]);
    const half = apply(
      geometry.matrix,
      shape.map((n) => (n - 1) / 2),
    );
    const { least, most } = elasticReach(geometry);
    doubles(heap, job + 120, 18).set([
      ...geometry.middle.map((at, axis) => at - half[axis] - window.start[axis]),
      ...geometry.matrix,
      ...least,
      ...most,
    ]);
    run.resample(job);
  });
  return layers;
}
