import { copyStrided } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import type { VolumeArray } from '../api.js';
import { TransformsError } from '../errors.js';
import { splitShape } from '../grid/grid.js';
import type { LabelArray, Pair, PairApplyOpts, Rider } from './api.js';
import type { Layer } from './layer.js';
import { elementsAt, type Plane, sourceOf } from './layout.js';
import { IDENTITY } from './mapping.js';
import type { Field, PointsField, Stage } from './stage.js';

/** A new array like the one that was given, C-contiguous, of the stage's shape. */
function like<T extends VolumeArray | LabelArray>(stage: Stage, given: T): T {
  const { dimension, data, shape } = given;
  const channels = dimension === 3 ? [] : [stage.channelAxis === 'first' ? shape[0] : shape[3]];
  const full =
    stage.channelAxis === 'first' ? [...channels, ...stage.shape] : [...stage.shape, ...channels];
  const size = full.reduce((product, n) => product * n, 1);
  const Elements = data.constructor as new (size: number) => T['data'];
  return ndarray(new Elements(size), full) as NdArray<T['data']> as T;
}

/** Copies layers that lie at equal distances to an array whose channels are its fastest axis, by one loop. */
function interleave(stage: Stage, layers: readonly Layer[], planes: readonly Plane[]): boolean {
  const [first, second] = layers;
  const count = layers.length;
  const { size, shape } = stage;
  const { heap, run } = stage.kernels;
  const [, ny, nz] = shape;
  const [{ data, offset, stride }] = planes;
  const isPacked = stride[2] === count && stride[1] === nz * count && stride[0] === ny * nz * count;
  if (count < 2 || !isPacked || planes[1].offset !== offset + 1) return false;
  const gap = second.at - first.at;
  if (layers.some(({ at }, c) => at !== first.at + c * gap) || gap % first.bytes !== 0)
    return false;
  return stage.scratch(() => {
    const to = stage.room(first.bytes * size * count);
    const sides = stage.putWords([1, size, count]);
    const steps = stage.putWords([0, 1, gap / first.bytes]);
    void heap.buffer;
    run.gatherVolume(first.at, to, sides, steps, first.bytes);
    data.set(elementsAt(heap, to, first.bytes, size * count), offset);
    return true;
  });
}

/** Writes a field to an array. */
function store(stage: Stage, field: Field, out: VolumeArray | LabelArray): void {
  const { shape } = stage;
  const { planes } = sourceOf(out, stage.channelAxis);
  if (field.layers === null) {
    for (const [c, plane] of field.source.planes.entries())
      copyStrided(plane.data, plane, planes[c].data, planes[c], shape);
    return;
  }
  const sameBits = planes[0].data.BYTES_PER_ELEMENT === field.source.bytes;
  if (sameBits && field.layers.length > 1) {
    for (const layer of field.layers) stage.settle(layer);
    if (interleave(stage, field.layers, planes)) return;
  }
  for (const [c, layer] of field.layers.entries()) {
    stage.scratch(() => {
      const map = layer.map === IDENTITY ? 0 : stage.takeMap(layer);
      layer.writeTo(planes[c], map);
    });
  }
}

/** Throws unless `out` can receive the field. */
function checkOut(stage: Stage, field: Field, out: VolumeArray | LabelArray): void {
  const { shape, channels } = splitShape(out.shape, stage.channelAxis);
  const fits =
    out.dimension === field.given.dimension &&
    channels === field.source.planes.length &&
    shape.every((n, axis) => n === stage.shape[axis]);
  if (!fits) {
    throw new TransformsError(
      'shape',
      `out.${field.role} has shape [${out.shape.join(', ')}]; the result has ${stage.shape.join('×')} voxels and ${field.source.planes.length} channels.`,
      { outShape: out.shape, shape: stage.shape },
    );
  }
}

function storePoints({ given, values }: PointsField): Rider {
  const Elements = given.data.constructor as new (values: Float64Array) => Float64Array;
  return { kind: 'points', data: ndarray(new Elements(values), [...given.shape]) };
}

/** The pair as the steps have left it. */
export function finish(stage: Stage, { out = {} }: PairApplyOpts): Pair {
  const riders: Record<string, Rider> = {};
  const pair: Pair = { image: stage.pair.image };
  const givenFor = ({ role }: Field) =>
    role === 'image' ? out.image : role === 'label' ? out.label : undefined;
  const targets = [out.image, out.label].filter((one) => one !== undefined);
  const written = targets.flatMap((one) => sourceOf(one, stage.channelAxis).planes);
  // What would be overwritten before it is read is read first.
  for (const { layers } of stage.fields)
    for (const layer of layers ?? [])
      if (written.some((plane) => layer.reads(plane))) void layer.at;
  for (const field of stage.fields) {
    const given = givenFor(field);
    if (given !== undefined) checkOut(stage, field, given);
    const array = given ?? like(stage, field.given);
    store(stage, field, array);
    if (field.role === 'image') pair.image = array as VolumeArray;
    else if (field.role === 'label') pair.label = array as LabelArray;
    else if (field.source.bytes === 4)
      riders[field.key] = { kind: 'image', data: array as VolumeArray };
    else riders[field.key] = { kind: 'label', data: array as LabelArray };
  }
  for (const field of stage.points) riders[field.key] = storePoints(field);
  if (Object.keys(riders).length > 0) pair.riders = riders;
  return pair;
}
