import { copyStrided, cStrides } from '@genesis/core';
import type { Shape3 } from '../api.js';
import type { AugmentKernels } from '../augment-kernels/api.js';
import { elementsAt, type Plane } from './layout.js';
import { IDENTITY, type Mapping } from './mapping.js';

/** Smallest, largest, mean and standard deviation (of n − 1) of a channel. */
export interface Stats {
  low: number;
  high: number;
  mean: number;
  deviation: number;
}

/** Voxels that lie where the user has them. */
export interface Unread {
  /** Of the layer's shape. */
  readonly plane: Plane;
  /** Copies them to the heap. */
  read(at: number): void;
}

/** What an array is written by is about so long: parts of it stay in the cache while they are worked on. */
const PART = 1 << 17;

/**
 * One channel, or one map of labels: room in the heap, C-contiguous, with a guard behind it. What nobody has asked for is put
 * off: its voxels are read, and axes are reversed, when somebody wants to know where they lie; or on the way out.
 */
export class Layer {
  /** What its values are to be mapped by; labels have none. */
  map: Mapping = IDENTITY;
  /** Of the values as they lie in the heap, without the mapping. */
  stats: Stats | null = null;
  private axes = 0;

  /**
   * @param place - where there is room in the heap
   * @param bytes - of a voxel: 4 are floats, 1 and 2 labels
   */
  constructor(
    private readonly kernels: AugmentKernels,
    private place: number,
    readonly bytes: 1 | 2 | 4,
    private readonly shape: Shape3,
    private unread: Unread | null = null,
  ) {}

  /** Where its voxels lie in the heap. */
  get at(): number {
    if (this.unread !== null) {
      const { read } = this.unread;
      this.unread = null;
      read(this.place);
    }
    if (this.axes !== 0) {
      const [nx, ny, nz] = this.shape;
      this.kernels.run.mirror(this.place, nx, ny, nz, this.axes, this.bytes);
      this.axes = 0;
    }
    return this.place;
  }

  /** Takes other voxels of the same shape. */
  moveTo(place: number): void {
    this.unread = null;
    this.axes = 0;
    this.place = place;
  }

  /** Reverses axes: 1 x, 2 y, 4 z. */
  mirror(axes: number): void {
    this.axes ^= axes;
  }

  /** Whether its voxels are still the user's, and would be changed by writing to this memory in another layout. */
  reads({ data, offset, stride }: Plane): boolean {
    if (this.unread === null || this.unread.plane.data.buffer !== data.buffer) return false;
    const { plane } = this.unread;
    const isSame =
      plane.data.byteOffset === data.byteOffset &&
      plane.offset === offset &&
      plane.stride.every((step, axis) => step === stride[axis]);
    return !isSame || this.axes !== 0;
  }

  /**
   * Writes the voxels to an array of the layer's shape, part by part. The layer is of no use afterwards.
   *
   * @param map - the four floats of the mapping in the heap; 0: none
   * @param room - where a part can be worked on, `partBytes` long
   */
  writeTo(out: Plane, map: number, room: number): void {
    const { kernels, bytes, shape, axes } = this;
    const [nx, ny, nz] = shape;
    if (this.unread !== null && !hasLongRows(this.unread.plane, shape)) {
      this.unread.read(this.place);
      this.unread = null;
    }
    const { unread } = this;
    if (unread !== null && axes === 0 && map === 0) {
      copyStrided(unread.plane.data, unread.plane, out.data, out, shape);
      return;
    }
    const { heap, run } = kernels;
    // What is only copied is copied at once.
    const planes = unread === null && axes === 0 && map === 0 ? nx : planesOf(shape, bytes);
    for (let x = 0; x < nx; x += planes) {
      const part: Shape3 = [Math.min(planes, nx - x), ny, nz];
      const size = part[0] * ny * nz;
      const at = unread === null ? this.place + bytes * x * ny * nz : room;
      const dense = { offset: 0, stride: cStrides(part) };
      if (unread !== null) {
        const { data, offset, stride } = unread.plane;
        const from = { offset: offset + x * stride[0], stride };
        copyStrided(data, from, elementsAt(heap, at, bytes, size), dense, part);
      }
      if (map !== 0) run.settle(at, size, map);
      if (axes !== 0) run.mirror(at, part[0], ny, nz, axes, bytes);
      const first = axes & 1 ? nx - x - part[0] : x;
      const to = { offset: out.offset + first * out.stride[0], stride: out.stride };
      copyStrided(elementsAt(heap, at, bytes, size), dense, out.data, to, part);
    }
  }

  /** Bytes of the largest part that `writeTo` works on. */
  get partBytes(): number {
    const [nx, ny, nz] = this.shape;
    return this.bytes * Math.min(nx, planesOf(this.shape, this.bytes)) * ny * nz;
  }
}

/** Bytes of a row from which on a copy of it alone is worth its call. */
export const LONG_ROW = 512;

/** Whether the voxels of a plane can be copied in few calls. */
const hasLongRows = ({ data, stride }: Plane, [, , nz]: Shape3): boolean =>
  stride[2] === 1 && (stride[1] === nz || nz * data.BYTES_PER_ELEMENT >= LONG_ROW);

/** Planes along x of a part: a multiple of four, so that parts are whole vectors. */
const planesOf = ([, ny, nz]: Shape3, bytes: number): number =>
  4 * Math.max(1, Math.floor(PART / (4 * bytes * ny * nz)));
