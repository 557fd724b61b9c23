import { type NumberArray, toCOrder, type Vec3 } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { InferenceError } from '../errors.js';
import type { Region, RegionScore, ScoreOpts } from './api.js';
import { type Box, countLabels, type LabelCounts } from './label-counts.js';
import { lesionCounts, lesionF1 } from './lesion-counts.js';
import { distancesBetween } from './surface-distances.js';
import { averageSurfaceDistance, hausdorffDistance, surfaceDice } from './surface-figures.js';

const ML = 1000;

/**
 * Compares a predicted label map with the true one, region by region. Overlaps are counted in one pass over the maps; surfaces and
 * lesions are looked for only inside the box around both masks of a region.
 *
 * @param truth - Label values, [x, y, z], any strides; only read.
 * @param predicted - Of the same shape.
 * @returns A score for each region, in their order.
 * @throws InferenceError 'bad-argument' for maps of different shapes.
 */
export function scoreRegions(
  truth: NdArray<NumberArray>,
  predicted: NdArray<NumberArray>,
  regions: readonly Region[],
  opts: ScoreOpts,
): RegionScore[] {
  if (truth.shape.join() !== predicted.shape.join()) {
    throw new InferenceError(
      'bad-argument',
      `the prediction has ${predicted.shape.join('×')} voxels, but the truth has ${truth.shape.join('×')}`,
    );
  }
  const shape: Vec3 = [truth.shape[0], truth.shape[1], truth.shape[2]];
  const [real, made] = [toCOrder(truth), toCOrder(predicted)];
  const values = regions.flatMap((region) => region.values);
  const counts = countLabels(real, made, shape, values, opts.ignore);
  return regions.map((region) => scoreRegion({ real, made, shape, counts }, region, opts));
}

interface Maps {
  readonly real: NumberArray;
  readonly made: NumberArray;
  readonly shape: Vec3;
  readonly counts: LabelCounts;
}

function scoreRegion(maps: Maps, region: Region, opts: ScoreOpts): RegionScore {
  const { spacing, tolerance = 1, surface, lesionOverlap } = opts;
  const [real, made, both] = voxelsOf(maps.counts, region);
  const voxel = (spacing[0] * spacing[1] * spacing[2]) / ML;
  const share = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);
  const volumes = {
    trueVolume: real * voxel,
    predictedVolume: made * voxel,
    volumeError: (made - real) * voxel,
    volumeErrorPercent: share(100 * (made - real), real),
  };
  const overlaps = {
    dice: share(2 * both, real + made),
    iou: share(both, real + made - both),
    sensitivity: share(both, real),
    precision: share(both, made),
  };
  const cut = cutMasks(maps, region, opts.ignore);
  const lesions = lesionCounts(...cut.arrays, { overlap: lesionOverlap });
  const distances =
    real > 0 && made > 0 ? distancesBetween(cut.masks, cut.shape, { spacing, surface }) : undefined;
  return {
    ...overlaps,
    surfaceDice: distances ? surfaceDice(distances, tolerance) : share(0, real + made),
    hd95: distances && hausdorffDistance(distances, 0.95),
    hd: distances && hausdorffDistance(distances),
    assd: distances && averageSurfaceDistance(distances),
    ...volumes,
    lesionF1: lesionF1(lesions),
    trueLesions: lesions.real,
    foundLesions: lesions.found,
    predictedLesions: lesions.predicted,
    inventedLesions: lesions.invented,
  };
}

/** Voxels of a region in the truth, in the prediction, and in both. */
function voxelsOf({ places, meetings }: LabelCounts, { values }: Region): [number, number, number] {
  const side = places.size + 1;
  const own = new Set(values.map((value) => places.get(value) ?? 0));
  let [real, made, both] = [0, 0, 0];
  for (let a = 0; a < side; a++) {
    for (let b = 0; b < side; b++) {
      const count = meetings[a * side + b];
      if (own.has(a)) real += count;
      if (own.has(b)) made += count;
      if (own.has(a) && own.has(b)) both += count;
    }
  }
  return [real, made, both];
}

/** The masks of a region inside the box around both, with a margin of one voxel outside. */
interface CutMasks {
  /** C order: of the truth, and of the prediction. */
  readonly masks: readonly [Uint8Array, Uint8Array];
  readonly arrays: readonly [NdArray<Uint8Array>, NdArray<Uint8Array>];
  readonly shape: Vec3;
}

function cutMasks(maps: Maps, { values }: Region, ignore: number | undefined): CutMasks {
  const { real, made, counts, shape: whole } = maps;
  const { from, to } = boxOf(
    values.flatMap((value) => counts.boxes[counts.places.get(value) ?? 0] ?? []),
  );
  const shape: Vec3 = [to[0] - from[0] + 2, to[1] - from[1] + 2, to[2] - from[2] + 2];
  const truth = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const predicted = new Uint8Array(truth.length);
  const own = new Set(values);
  // Neighbors mostly have the same label.
  let [last, isOwn] = [Number.NaN, false];
  const has = (value: number): boolean => {
    if (value !== last) [last, isOwn] = [value, own.has(value)];
    return isOwn;
  };
  for (let x = from[0]; x < to[0]; x++) {
    for (let y = from[1]; y < to[1]; y++) {
      let n = (x * whole[1] + y) * whole[2] + from[2];
      let at = ((x - from[0] + 1) * shape[1] + y - from[1] + 1) * shape[2] + 1;
      for (let z = from[2]; z < to[2]; z++, n++, at++) {
        if (real[n] === ignore) continue;
        if (has(real[n])) truth[at] = 1;
        if (has(made[n])) predicted[at] = 1;
      }
    }
  }
  return {
    masks: [truth, predicted],
    arrays: [ndarray(truth, shape), ndarray(predicted, shape)],
    shape,
  };
}

/** The box around boxes; an empty one of none. */
function boxOf(boxes: readonly Box[]): Box {
  if (boxes.length === 0) return { from: [0, 0, 0], to: [0, 0, 0] };
  const along = (pick: (box: Box) => Vec3, choose: (...values: number[]) => number): Vec3 => [
    choose(...boxes.map((box) => pick(box)[0])),
    choose(...boxes.map((box) => pick(box)[1])),
    choose(...boxes.map((box) => pick(box)[2])),
  ];
  return { from: along((box) => box.from, Math.min), to: along((box) => box.to, Math.max) };
}
