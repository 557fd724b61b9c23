import type { Rng } from '@genesis/core';
import type { Shape3 } from '../../api.js';
import { checkCount, checkRate } from '../../deformations/rate.js';
import { TransformsError } from '../../errors.js';
import { splitShape } from '../../grid/grid.js';
import type { Augmentation, Range } from '../api.js';
import { defineAugmentation } from '../define.js';
import { checkSpan, drawRange } from '../range.js';
import type {
  AxisRanges,
  SpatialElastic,
  SpatialFactors,
  SpatialOpts,
  SpatialRotation,
  SpatialScaling,
  SpatialShear,
  SpatialTranslation,
} from './api.js';
import type { Elastic } from './elastic.js';
import { runSpatial, startOf } from './run-spatial.js';

const NONE: Shape3 = [0, 0, 0];
const UNIT: Shape3 = [1, 1, 1];

const perAxis = <T>(
  values: T | readonly [T, T, T],
  isAll: (values: unknown) => values is T,
): [T, T, T] => (isAll(values) ? [values, values, values] : [...(values as readonly [T, T, T])]);

const isRange = (values: unknown): values is Range =>
  typeof values === 'number' || (Array.isArray(values) && values.length === 2);
const isNumber = (values: unknown): values is number => typeof values === 'number';

/** Three ranges, checked. */
function ranges(values: AxisRanges, what: string, least?: number): [Range, Range, Range] {
  const all = perAxis<Range>(values, isRange);
  for (const range of all) checkSpan(range, `spatial: ${what}`, least);
  return all;
}

const drawAll = (rng: Rng, all: readonly [Range, Range, Range]): [number, number, number] => [
  drawRange(rng, all[0]),
  drawRange(rng, all[1]),
  drawRange(rng, all[2]),
];

/** Draws one kind of change, or gives what leaves all as it is. */
type Drawer = (rng: Rng) => Shape3;

function rotationDrawer(opts: SpatialRotation, across: number | undefined): Drawer {
  const { rate = 1, axisRate = 1 } = opts;
  checkRate(rate, 'spatial: rotation.rate');
  checkRate(axisRate, 'spatial: rotation.axisRate');
  const angle = ranges(opts.angle ?? [-Math.PI / 6, Math.PI / 6], 'rotation.angle');
  return (rng) => {
    if (rng.uniform() >= rate) return NONE;
    const angles = drawAll(rng, angle);
    for (const axis of [0, 1, 2]) {
      const isKept = axisRate === 1 || rng.uniform() < axisRate;
      if (!isKept || (across !== undefined && axis !== across)) angles[axis] = 0;
    }
    return angles;
  };
}

function scalingDrawer(opts: SpatialScaling, across: number | undefined): Drawer {
  const { rate = 1, alikeRate = 1 } = opts;
  checkRate(rate, 'spatial: scaling.rate');
  checkRate(alikeRate, 'spatial: scaling.alikeRate');
  const factor = ranges(opts.factor ?? [0.7, 1.4], 'scaling.factor', Number.MIN_VALUE);
  return (rng) => {
    if (rng.uniform() >= rate) return UNIT;
    const scales = drawAll(rng, factor);
    if (alikeRate > 0 && rng.uniform() < alikeRate) scales.fill(scales[0]);
    if (across !== undefined) scales[across] = 1;
    return scales;
  };
}

function translationDrawer(opts: SpatialTranslation, across: number | undefined): Drawer {
  const rate = checkRate(opts.rate ?? 1, 'spatial: translation.rate');
  const voxels = ranges(opts.voxels ?? [-5, 5], 'translation.voxels');
  return (rng) => {
    if (rng.uniform() >= rate) return NONE;
    const moved = drawAll(rng, voxels);
    if (across !== undefined) moved[across] = 0;
    return moved;
  };
}

/** The two axes that each shear joins. */
const SHEARED = [
  [0, 1],
  [0, 2],
  [1, 2],
];

function shearDrawer(opts: SpatialShear, across: number | undefined): Drawer {
  const rate = checkRate(opts.rate ?? 1, 'spatial: shear.rate');
  const amount = ranges(opts.amount ?? [-0.1, 0.1], 'shear.amount');
  return (rng) => {
    if (rng.uniform() >= rate) return NONE;
    const shears = drawAll(rng, amount);
    for (const [i, axes] of SHEARED.entries())
      if (across !== undefined && axes.includes(across)) shears[i] = 0;
    return shears;
  };
}

function elasticDrawer(
  opts: SpatialElastic,
  across: number | undefined,
): (rng: Rng) => Elastic | null {
  const rate = checkRate(opts.rate ?? 1, 'spatial: elastic.rate');
  const controlPoints = perAxis<number>(opts.controlPoints ?? 7, isNumber);
  const displacement = perAxis<number>(opts.displacement ?? 7.5, isNumber);
  const locked = opts.locked ?? 2;
  for (const n of controlPoints) checkCount(n, 4, 'spatial: elastic.controlPoints');
  for (const d of displacement) checkSpan(d, 'spatial: elastic.displacement', 0);
  return (rng) => {
    if (rng.uniform() >= rate) return null;
    const displacements: number[] = [];
    const isFree = (i: number, axis: number): boolean =>
      i >= locked && i < controlPoints[axis] - locked;
    for (let x = 0; x < controlPoints[0]; x++)
      for (let y = 0; y < controlPoints[1]; y++)
        for (let z = 0; z < controlPoints[2]; z++) {
          const drawn = displacement.map((d) => d * (2 * rng.uniform() - 1));
          const free = [x, y, z].every((i, axis) => axis === across || isFree(i, axis));
          for (let a = 0; a < 3; a++) displacements.push(free && a !== across ? drawn[a] : 0);
        }
    return { controlPoints, displacements };
  };
}

/** Where the middle of a crop may be along an axis. */
function drawCenter(rng: Rng, side: number, margin: number, isRandom: boolean): number {
  const middle = (side - 1) / 2;
  if (!isRandom || side < 2 * margin) return middle;
  return drawRange(rng, [margin - 0.5, side - margin - 0.5]);
}

/**
 * Turns, scales, moves, slants and bends the image and what belongs to it, and cuts a crop of it, in one pass: nothing is
 * computed outside of the crop. A voxel of the crop is first bent, then scaled, slanted, turned and moved to its place in
 * the source, as batchgenerators does.
 */
export function spatial(options: SpatialOpts = {}): Augmentation<SpatialFactors, SpatialOpts> {
  const opts = {
    place: 'center' as const,
    order: 1 as const,
    labels: 'majority' as const,
    border: 'constant' as const,
    fill: 0,
    labelFill: 0,
    ...options,
  };
  const { rotation, scaling, translation, shear, elastic, acrossAxis: across } = opts;
  for (const side of opts.patch ?? []) checkCount(side, 1, 'spatial: patch');
  if (opts.order !== 0 && opts.order !== 1 && opts.order !== 3) {
    throw new TransformsError('option', `spatial: order is ${opts.order}; give 0, 1 or 3.`);
  }
  const angles = rotation === undefined ? () => NONE : rotationDrawer(rotation, across);
  const scales = scaling === undefined ? () => UNIT : scalingDrawer(scaling, across);
  const moved = translation === undefined ? () => NONE : translationDrawer(translation, across);
  const shears = shear === undefined ? () => NONE : shearDrawer(shear, across);
  const bent = elastic === undefined ? () => null : elasticDrawer(elastic, across);
  return defineAugmentation<SpatialFactors, SpatialOpts>({
    name: 'spatial',
    opts,
    draw(rng, fullShape) {
      const { shape } = splitShape(fullShape, opts.channelAxis ?? 'last');
      const patch = opts.patch ?? shape;
      const margin = perAxis<number>(
        opts.margin ?? [patch[0] / 2, patch[1] / 2, patch[2] / 2],
        isNumber,
      );
      const center = (axis: number): number => {
        const at = drawCenter(rng, shape[axis], margin[axis], opts.place === 'random');
        // Across the axis that is left alone, voxels lie on voxels.
        return axis === across ? startOf(at, patch[axis]) + (patch[axis] - 1) / 2 : at;
      };
      return {
        shape: patch,
        center: [center(0), center(1), center(2)],
        angles: angles(rng),
        scales: scales(rng),
        shears: shears(rng),
        translation: moved(rng),
        elastic: bent(rng),
      };
    },
    outShape(fullShape, { shape }) {
      if (fullShape.length === 3) return shape;
      return opts.channelAxis === 'first' ? [fullShape[0], ...shape] : [...shape, fullShape[3]];
    },
    run: (stage, factors) => runSpatial(stage, opts, factors),
  });
}
