import type { Shape3 } from '../../api.js';
import { TransformsError } from '../../errors.js';
import type { Layer } from '../layer.js';
import { isLinear, mapValue } from '../mapping.js';
import type { Field, Stage } from '../stage.js';
import type { SpatialFactors, SpatialOpts } from './api.js';
import { checkElastic } from './elastic.js';
import { type Geometry, type Matrix3, multiply, rotationMatrix } from './geometry.js';
import { movePoints } from './points.js';
import { type Item, resample, type Sampling } from './resample.js';
import { copyWindow, fillWindow, fullWindow } from './window.js';

/** The options in force. */
type Settings = Required<Pick<SpatialOpts, 'order' | 'labels' | 'border' | 'fill' | 'labelFill'>>;

/** Whether the factors only cut whole voxels out. */
export function isCrop({ angles, scales, shears, translation, elastic }: SpatialFactors): boolean {
  const is = (values: Shape3, wanted: number): boolean => values.every((v) => v === wanted);
  return is(angles, 0) && is(scales, 1) && is(shears, 0) && is(translation, 0) && elastic === null;
}

/** What the factors say in one matrix. */
export function geometryOf(factors: SpatialFactors): Geometry {
  const { shape, center, angles, scales, shears, translation, elastic } = factors;
  const all = [...center, ...angles, ...scales, ...shears, ...translation];
  if (shape.some((n) => !(Number.isInteger(n) && n >= 1)) || all.some((v) => !Number.isFinite(v))) {
    throw new TransformsError('factors', 'spatial: the factors are no finite numbers.', { shape });
  }
  if (elastic !== null) checkElastic(elastic);
  const slant: Matrix3 = [1, shears[0], shears[1], 0, 1, shears[2], 0, 0, 1];
  const size: Matrix3 = [scales[0], 0, 0, 0, scales[1], 0, 0, 0, scales[2]];
  return {
    shape,
    matrix: multiply(multiply(rotationMatrix(angles), slant), size),
    middle: [center[0] + translation[0], center[1] + translation[1], center[2] + translation[2]],
    elastic,
  };
}

/** The first voxel of a crop of whole voxels around a middle, where batchgenerators puts it. */
export const startOf = (middle: number, side: number): number =>
  Math.floor(middle + 0.5) - Math.floor(side / 2);

/** The smallest value of a channel, which the stage may not have loaded. */
function minimumOf(stage: Stage, field: Field, channel: number): number {
  return stage.stats(stage.layersOf(field)[channel]).low;
}

/** What fills a channel beyond the source, before the channel's own mapping. */
function fillsOf(stage: Stage, field: Field, { border, fill, labelFill }: Settings): number[] {
  return field.source.planes.map((_, channel) => {
    if (border !== 'constant') return 0;
    if (field.source.bytes !== 4) return labelFill;
    const value = fill === 'minimum' ? minimumOf(stage, field, channel) : fill;
    const layer = field.layers?.[channel];
    if (layer === undefined) return value;
    // The fill is not to be scaled with the voxels.
    if (mapValue(layer.map, value) !== value) stage.settle(layer);
    return value;
  });
}

function samplingOf({ order, labels }: Settings, bytes: number): Sampling {
  if (bytes === 4) return order;
  return labels === 'majority' ? 'majority' : 0;
}

/** Cuts whole voxels out of a field. */
function crop(stage: Stage, field: Field, factors: SpatialFactors, settings: Settings): Layer[] {
  const { heap } = stage.kernels;
  const { shape, center } = factors;
  const source = stage.shape;
  const along = (axis: number): number => startOf(center[axis], shape[axis]);
  const start: Shape3 = [along(0), along(1), along(2)];
  const isInside = start.every((at, axis) => at >= 0 && at + shape[axis] <= source[axis]);
  const window = fullWindow(start, shape);
  const fills = fillsOf(stage, field, settings);
  return field.source.planes.map((plane, channel) => {
    const old = field.layers?.[channel];
    if (isInside && old === undefined) {
      const { data, offset, stride } = plane;
      const first = start.reduce((sum, at, axis) => sum + at * stride[axis], offset);
      return stage.createLayer(field.source.bytes, shape, { data, offset: first, stride });
    }
    const layer = stage.createLayer(field.source.bytes, shape);
    void heap.buffer;
    const from = old === undefined ? plane : stage.planeOf(old, source);
    if (isInside) copyWindow(heap, from, source, window, layer.at);
    else fillWindow(heap, from, source, window, layer.at, settings.border, fills[channel]);
    if (old !== undefined) layer.map = old.map;
    return layer;
  });
}

/** Resamples the fields of a stage: a channel of the image and all labels together, then the other channels. */
function resampleFields(stage: Stage, geometry: Geometry, settings: Settings): void {
  const source = stage.shape;
  const jobs: { field: Field; channel: number; item: Item }[] = [];
  for (const field of stage.fields) {
    const fills = fillsOf(stage, field, settings);
    const { planes, bytes } = field.source;
    for (const [channel, plane] of planes.entries()) {
      const layer = field.layers?.[channel];
      if (layer !== undefined && !isLinear(layer.map)) stage.settle(layer);
      const item: Item = {
        from: layer === undefined ? { plane } : { layer },
        bytes,
        sampling: samplingOf(settings, bytes),
        fill: fills[channel],
      };
      jobs.push({ field, channel, item });
    }
  }
  const made = new Map<Field, Layer[]>(stage.fields.map((field) => [field, []]));
  const labels = jobs.filter(({ item }) => item.bytes !== 4);
  const images = jobs.filter(({ item }) => item.bytes === 4);
  for (const [n, image] of images.entries()) {
    // Those in the heap and those not yet there have windows of their own.
    const inHeap = 'layer' in image.item.from;
    const together = n > 0 ? [] : labels.filter(({ item }) => 'layer' in item.from === inHeap);
    const group = [image, ...together];
    const layers = resample(
      stage,
      geometry,
      source,
      settings.border,
      group.map(({ item }) => item),
    );
    for (const [i, { field, channel }] of group.entries())
      (made.get(field) as Layer[])[channel] = layers[i];
  }
  for (const { field, channel, item } of labels) {
    const own = made.get(field) as Layer[];
    if (own[channel] === undefined)
      [own[channel]] = resample(stage, geometry, source, settings.border, [item]);
  }
  for (const field of stage.fields) {
    const layers = made.get(field) as Layer[];
    for (const [channel, layer] of layers.entries())
      layer.map = field.layers?.[channel].map ?? layer.map;
    field.layers = layers;
  }
}

/** Does to a stage what the factors of `spatial` say. */
export function runSpatial(stage: Stage, opts: Settings, factors: SpatialFactors): void {
  const geometry = geometryOf(factors);
  if (isCrop(factors)) {
    const start = [0, 1, 2].map((axis) => startOf(factors.center[axis], factors.shape[axis]));
    for (const field of stage.fields) field.layers = crop(stage, field, factors, opts);
    for (const { values } of stage.points)
      for (let i = 0; i < values.length; i++) values[i] -= start[i % 3];
  } else {
    resampleFields(stage, geometry, opts);
    for (const { values } of stage.points) movePoints(values, geometry);
  }
  stage.shape = factors.shape;
}
