import { cStrides } from '@genesis/core';
import type { NdArray } from 'ndarray';
import type { ChannelAxis, Shape3, VolumeArray } from '../api.js';
import type { AugmentKernels } from '../augment-kernels/api.js';
import { augmentKernels } from '../augment-kernels/select.js';
import { doubles, floats } from '../augment-kernels/views.js';
import { TransformsError } from '../errors.js';
import type { LabelArray, Pair } from './api.js';
import { Layer, type Stats } from './layer.js';
import { elementsAt, type Plane, type Source, sourceOf } from './layout.js';
import { IDENTITY, isLinear, mapValue, thenScale } from './mapping.js';

/** Vectors may read and write a little beyond the end of an array. */
const GUARD = 64;
const ALIGN = 64;

/** An array of the pair: the image, the label or a rider. */
export interface Field {
  readonly role: 'image' | 'label' | 'rider';
  /** The rider's name. */
  readonly key: string;
  /** The array that it was given as; its type says how labels are to be read. */
  readonly given: VolumeArray | LabelArray;
  readonly source: Source;
  /** Null until somebody works on it. */
  layers: Layer[] | null;
}

/** Places that ride along, x, y, z by turns. */
export interface PointsField {
  readonly key: string;
  readonly given: NdArray<Float32Array> | NdArray<Float64Array>;
  values: Float64Array;
}

/**
 * One pair being worked on, in the memory of the thread, which serves the next pair too. Steps run on it one after another;
 * nothing is copied before a step needs it, and what scales or clamps values is put off until something has to know them.
 */
export class Stage {
  readonly kernels: AugmentKernels = augmentKernels();
  shape: Shape3;
  readonly fields: Field[];
  readonly points: PointsField[];
  /** Room for the arguments of a call. */
  readonly arguments: number;

  constructor(
    readonly pair: Pair,
    readonly channelAxis: ChannelAxis,
  ) {
    this.kernels.heap.reset();
    this.arguments = this.kernels.heap.reserve(1024, ALIGN);
    const image = sourceOf(pair.image, channelAxis);
    this.shape = image.shape;
    this.fields = [{ role: 'image', key: '', given: pair.image, source: image, layers: null }];
    this.points = [];
    checkFloats(pair.image, true, 'The image');
    if (pair.label !== undefined) {
      checkFloats(pair.label, false, 'The label');
      this.addField('label', '', pair.label);
    }
    for (const [key, rider] of Object.entries(pair.riders ?? {})) {
      if (rider.kind === 'points') this.addPoints(key, rider.data);
      else {
        checkFloats(rider.data, rider.kind === 'image', `Rider '${key}'`);
        this.addField('rider', key, rider.data);
      }
    }
  }

  private addField(role: 'label' | 'rider', key: string, given: VolumeArray | LabelArray): void {
    const source = sourceOf(given, this.channelAxis);
    if (source.shape.some((n, axis) => n !== this.shape[axis])) {
      const what = role === 'label' ? 'The label' : `Rider '${key}'`;
      throw new TransformsError(
        'shape',
        `${what} has ${source.shape.join('×')} voxels, the image ${this.shape.join('×')}; they must be the same.`,
        { shape: source.shape, imageShape: this.shape },
      );
    }
    this.fields.push({ role, key, given, source, layers: null });
  }

  private addPoints(key: string, given: PointsField['given']): void {
    if (given.dimension !== 2 || given.shape[1] !== 3) {
      throw new TransformsError(
        'shape',
        `Rider '${key}' has shape [${given.shape.join(', ')}]; points are [n, 3].`,
        { shape: given.shape },
      );
    }
    const values = Float64Array.from({ length: 3 * given.shape[0] }, (_, i) =>
      given.get(Math.floor(i / 3), i % 3),
    );
    this.points.push({ key, given, values });
  }

  /** Voxels of a channel. */
  get size(): number {
    return this.shape[0] * this.shape[1] * this.shape[2];
  }

  /** Takes memory, with a guard behind it. It is kept until the pair is finished, or `release`d. */
  room(bytes: number): number {
    return this.kernels.heap.reserve(bytes + GUARD, ALIGN);
  }

  /** Gives back all memory that `body` took, whatever it left there. */
  scratch<T>(body: () => T): T {
    const { heap } = this.kernels;
    const mark = heap.reserve(0, ALIGN);
    try {
      return body();
    } finally {
      heap.reset(mark);
    }
  }

  /** Copies floats to the heap. */
  put(values: ArrayLike<number>, spare = 0): number {
    const at = this.room(4 * (values.length + spare));
    const view = floats(this.kernels.heap, at, values.length + spare);
    view.set(values);
    view.fill(0, values.length);
    return at;
  }

  /** Copies whole numbers to the heap; `spare` more repeat the last. */
  putWords(values: ArrayLike<number>, spare = 0): number {
    const at = this.room(4 * (values.length + spare));
    const view = new Int32Array(this.kernels.heap.buffer, at, values.length + spare);
    view.set(values);
    view.fill(values[values.length - 1] ?? 0, values.length);
    return at;
  }

  /** Makes room for a layer, of the present shape if not said otherwise. */
  createLayer(bytes: 1 | 2 | 4, shape = this.shape, unread: Plane | null = null): Layer {
    const place = this.room(bytes * shape[0] * shape[1] * shape[2]);
    return new Layer(this.kernels, place, bytes, shape, unread);
  }

  /** A layer as a plane of this shape; good until the heap grows. */
  planeOf({ at, bytes }: Layer, shape: Shape3): Plane {
    const data = elementsAt(this.kernels.heap, at, bytes, shape[0] * shape[1] * shape[2]);
    return { data, offset: 0, stride: cStrides(shape) };
  }

  /** The layers of a field, which has room in the heap from then on. */
  layersOf(field: Field): Layer[] {
    field.layers ??= field.source.planes.map((plane) =>
      this.createLayer(field.source.bytes, this.shape, plane),
    );
    return field.layers;
  }

  /** The channels of the image. */
  get channels(): Layer[] {
    return this.layersOf(this.fields[0]);
  }

  /** The four floats of a layer's mapping in the heap, for loops that apply it. Its mapping is then done. */
  takeMap(layer: Layer): number {
    const { scale, shift, low, high } = layer.map;
    floats(this.kernels.heap, this.arguments, 4).set([scale, shift, low, high]);
    layer.map = IDENTITY;
    return this.arguments;
  }

  /** Says that the values of a layer were changed. */
  touch(layer: Layer): void {
    layer.stats = null;
  }

  /** Applies a layer's mapping to its values. */
  settle(layer: Layer): void {
    if (layer.map === IDENTITY) return;
    const map = this.takeMap(layer);
    const { at } = layer;
    this.kernels.run.settle(at, at, this.size, map);
    this.touch(layer);
  }

  /** For filters that commute with scaling and shifting, but not with clamping. */
  settleClamp(layer: Layer): void {
    if (!isLinear(layer.map)) this.settle(layer);
  }

  /** Puts off value · scale + shift. */
  scale(layer: Layer, scale: number, shift: number): void {
    layer.map = thenScale(layer.map, scale, shift);
  }

  /** Of the values with the mapping applied. */
  stats(layer: Layer): Stats {
    const raw = this.rawStats(layer);
    const { map } = layer;
    if (map === IDENTITY) return raw;
    const ends = [raw.low, raw.high].map((v) => v * map.scale + map.shift);
    if (Math.min(...ends) < map.low || Math.max(...ends) > map.high) {
      this.settle(layer);
      return this.rawStats(layer);
    }
    return {
      low: Math.min(...ends),
      high: Math.max(...ends),
      mean: mapValue(map, raw.mean),
      deviation: raw.deviation * Math.abs(map.scale),
    };
  }

  private rawStats(layer: Layer): Stats {
    if (layer.stats !== null) return layer.stats;
    const { heap, run } = this.kernels;
    run.tally(layer.at, this.size, this.arguments);
    const [low, high, sum, square] = doubles(heap, this.arguments, 4);
    const [reference] = floats(heap, layer.at, 1);
    layer.stats = { low, high, ...momentsOf(sum, square, reference, this.size) };
    return layer.stats;
  }
}

function checkFloats(array: VolumeArray | LabelArray, wanted: boolean, what: string): void {
  if (array.data instanceof Float32Array !== wanted) {
    throw new TransformsError(
      'dtype',
      `${what} must be ${wanted ? 'float32' : 'uint8, uint16 or int16'}; got ${array.dtype}.`,
      { dtype: array.dtype },
    );
  }
}

/** Mean and standard deviation from Σ (v − reference) and Σ (v − reference)². */
export function momentsOf(
  sum: number,
  square: number,
  reference: number,
  n: number,
): { mean: number; deviation: number } {
  const variance = n > 1 ? Math.max(0, (square - (sum * sum) / n) / (n - 1)) : 0;
  return { mean: reference + sum / n, deviation: Math.sqrt(variance) };
}
