import { copyStrided, cStrides } from '@genesis/core';
import type { Shape3 } from '../api.js';
import type { AugmentKernels } from '../augment-kernels/api.js';
import { words } from '../augment-kernels/views.js';
import { elementsAt, hasShortRows, type Plane, readPlane, roomOf } from './layout.js';
import { IDENTITY, type Mapping } from './mapping.js';

/** Smallest, largest, mean and standard deviation (of n − 1) of a channel. */
export interface Stats {
  low: number;
  high: number;
  mean: number;
  deviation: number;
}

/** An order of the three axes. */
export type AxisOrder = readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];

/** What an array is written by is about so long: parts of it stay in the cache while they are worked on. */
const PART = 1 << 17;
/** Bytes of a line of the cache. */
const LINE = 64;
const AXES = [0, 1, 2] as const;

/**
 * One channel, or one map of labels: room in the heap, C-contiguous, with a guard behind it. What nobody has asked for is put
 * off: its voxels are read, and axes change places or are reversed, when somebody wants to know where they lie; or on the way
 * out.
 */
export class Layer {
  /** What its values are to be mapped by; labels have none. */
  map: Mapping = IDENTITY;
  /** Of the values as they lie in the heap, without the mapping. */
  stats: Stats | null = null;
  /** Axis k is axis `order[k]` of what lies in the heap. */
  private order: AxisOrder = AXES;
  /** Axes that are reversed: 1 x, 2 y, 4 z. */
  private axes = 0;
  /** Where there is room for the voxels in another order. */
  private spare = 0;

  /**
   * @param place - where there is room in the heap
   * @param bytes - of a voxel: 4 are floats, 1 and 2 labels
   * @param stored - the shape, as the voxels lie
   * @param unread - voxels that lie where the user has them, and are still to be copied to the heap
   */
  constructor(
    private readonly kernels: AugmentKernels,
    private place: number,
    readonly bytes: 1 | 2 | 4,
    private stored: Shape3,
    private unread: Plane | null = null,
  ) {}

  /** Where its voxels lie in the heap. */
  get at(): number {
    this.read();
    const { shape, kernels, place, axes, bytes } = this;
    if (this.isTurned) {
      void kernels.heap.buffer;
      this.gather(this.firstOf(0), this.spare, shape, this.steps);
      this.place = this.spare;
      this.spare = place;
      this.stored = shape;
      this.order = AXES;
    } else if (axes !== 0) kernels.run.mirror(place, ...shape, axes, bytes);
    this.axes = 0;
    return this.place;
  }

  private get isTurned(): boolean {
    return this.order.some((axis, k) => axis !== k);
  }

  private get shape(): Shape3 {
    const { stored, order } = this;
    return [stored[order[0]], stored[order[1]], stored[order[2]]];
  }

  /** From voxel to voxel along each axis, in the heap. */
  private get steps(): Shape3 {
    const [, ny, nz] = this.stored;
    return this.signed([ny * nz, nz, 1]);
  }

  /** Steps of what is stored as those along the layer's axes, backwards where an axis is reversed. */
  private signed(steps: Shape3): Shape3 {
    const along = (k: 0 | 1 | 2): number =>
      (this.axes >> k) & 1 ? -steps[this.order[k]] : steps[this.order[k]];
    return [along(0), along(1), along(2)];
  }

  /** Where voxel (x, 0, 0) lies in the heap. */
  private firstOf(x: number): number {
    const { steps, shape } = this;
    return this.place + this.bytes * (startOf(shape, steps) + x * steps[0]);
  }

  /** Copies voxels of other steps in the heap to C order. */
  private gather(from: number, to: number, shape: Shape3, steps: Shape3): void {
    const { heap, run } = this.kernels;
    const at = heap.reserve(24);
    words(heap, at, 6).set([...shape, ...steps]);
    run.gatherVolume(from, to, at, at + 12, this.bytes);
    heap.reset(at);
  }

  /** Copies the user's voxels to the heap, reversed axes and all. */
  private read(): void {
    const { unread, stored, bytes, place } = this;
    if (unread === null) return;
    this.unread = null;
    const { heap } = this.kernels;
    void heap.buffer;
    if (this.axes === 0 && !hasShortRows(unread, stored)) {
      readPlane(heap, unread, stored, place);
      return;
    }
    const [nx, ny, nz] = stored;
    const planes = planesOf(stored, bytes);
    const room = heap.reserve(roomOf(unread, [planes, ny, nz]), LINE);
    for (let x = 0; x < nx; x += planes) {
      const part: Shape3 = [Math.min(planes, nx - x), ny, nz];
      this.gatherPart(unread, x, part, room, place + bytes * x * ny * nz);
    }
    this.axes = 0;
    heap.reset(room);
  }

  /** Copies a part of the user's voxels to the heap, from plane x of the layer on. */
  private gatherPart(unread: Plane, x: number, part: Shape3, room: number, to: number): void {
    const steps = this.signed(this.readPart(unread, x, part, room));
    this.gather(room + this.bytes * startOf(part, steps), to, part, steps);
  }

  /** Copies a part of the user's voxels as they lie; returns their steps. */
  private readPart(unread: Plane, x: number, part: Shape3, room: number): Shape3 {
    const { data, offset, stride } = unread;
    const first = this.axes & 1 ? this.stored[0] - x - part[0] : x;
    const plane = { data, offset: offset + first * stride[0], stride };
    return readPlane(this.kernels.heap, plane, part, room);
  }

  /** Takes other voxels of the same shape. */
  moveTo(place: number): void {
    this.stored = this.shape;
    this.unread = null;
    this.order = AXES;
    this.axes = 0;
    this.place = place;
  }

  /** Reverses axes: 1 x, 2 y, 4 z. */
  mirror(axes: number): void {
    this.axes ^= axes;
  }

  /**
   * Lets axes change places: axis k is axis `order[k]` from now on.
   *
   * @param spare - where there is room for all voxels once more
   */
  transpose(order: AxisOrder, spare: number): void {
    this.read();
    const { order: before, axes } = this;
    this.order = [before[order[0]], before[order[1]], before[order[2]]];
    this.axes = order.reduce<number>((bits, axis, k) => bits | (((axes >> axis) & 1) << k), 0);
    this.spare = spare;
  }

  /** Whether its voxels are still the user's, and would be changed by writing to this memory in another layout. */
  reads({ data, offset, stride }: Plane): boolean {
    const { unread } = this;
    if (unread === null || unread.data.buffer !== data.buffer) return false;
    const isSame =
      unread.data.byteOffset === data.byteOffset &&
      unread.offset === offset &&
      unread.stride.every((step, axis) => step === stride[axis]);
    return !isSame || this.axes !== 0;
  }

  /**
   * Writes the voxels to an array of the layer's shape, part by part. The layer is of no use afterwards, nor is what is taken
   * of the heap for it.
   *
   * @param map - the four floats of the mapping in the heap; 0: none
   */
  writeTo(out: Plane, map: number): void {
    const { kernels, bytes, shape, unread } = this;
    const { heap, run } = kernels;
    const [nx, ny, nz] = shape;
    const isPlain = this.axes === 0 && !this.isTurned;
    if (isPlain && map === 0) {
      const data = elementsAt(heap, this.place, bytes, nx * ny * nz);
      const inHeap = { data, offset: 0, stride: cStrides(shape) };
      const from = unread ?? inHeap;
      if (unread === null || !hasShortRows(unread, shape)) {
        copyStrided(from.data, from, out.data, out, shape);
        return;
      }
    }
    const { steps } = this;
    // Where voxels along x lie next to each other, planes are gathered by lines of the cache.
    const least = Math.abs(steps[0]) === 1 ? LINE / bytes : 1;
    const planes = Math.max(planesOf(shape, bytes), least);
    const room = heap.reserve(bytes * Math.min(planes, nx) * ny * nz + LINE, LINE);
    const isNear = isPlain && unread !== null && !hasShortRows(unread, shape);
    const near = unread === null ? 0 : heap.reserve(roomOf(unread, [planes, ny, nz]), LINE);
    void heap.buffer;
    for (let x = 0; x < nx; x += planes) {
      const part: Shape3 = [Math.min(planes, nx - x), ny, nz];
      const size = part[0] * ny * nz;
      let at = room;
      if (isNear) this.readPart(unread, x, part, room);
      else if (unread !== null) this.gatherPart(unread, x, part, near, room);
      else if (isPlain) at = this.firstOf(x);
      else this.gather(this.firstOf(x), room, part, steps);
      if (map !== 0) {
        run.settle(at, room, size, map);
        at = room;
      }
      const data = elementsAt(heap, at, bytes, size);
      const to = { offset: out.offset + x * out.stride[0], stride: out.stride };
      copyStrided(data, { offset: 0, stride: cStrides(part) }, out.data, to, part);
    }
  }
}

/** Where voxel (0, 0, 0) lies among voxels that start at the lowest of them, by their steps. */
const startOf = (shape: Shape3, steps: Shape3): number =>
  shape.reduce((sum, n, k) => sum + (steps[k] < 0 ? -(n - 1) * steps[k] : 0), 0);

/** Planes along x of a part: a multiple of four, so that parts are whole vectors. */
const planesOf = ([, ny, nz]: Shape3, bytes: number): number =>
  4 * Math.max(1, Math.floor(PART / (4 * bytes * ny * nz)));
