import { copyStrided, cStrides, type NumberArray, sizeOf, zerosLike } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';

/**
 * Copies a box out of a volume, C order (z fastest). Where the box reaches over the border it holds `fill`; 0
 * is the darkest intensity, the background label.
 *
 * @param volume - [nx, ny, nz] or [nx, ny, nz, channels], any strides; only read.
 * @param first - Of the box; may be negative. Axes beyond those of `first` are taken whole.
 * @returns A new array of the same type that the caller owns.
 */
export function cutCrop<T extends NumberArray>(
  volume: NdArray<T>,
  first: readonly number[],
  sides: readonly number[],
  fill = 0,
): NdArray<T> {
  const { data, stride } = volume;
  const rest = volume.shape.slice(first.length);
  const start = [...first, ...rest.map(() => 0)];
  const size = [...sides.slice(0, first.length), ...rest];
  const out = zerosLike(data, sizeOf(size));
  if (fill !== 0) out.fill(fill);
  const from = start.map((at) => Math.max(0, at));
  const shape = start.map((at, axis) =>
    Math.max(0, Math.min(volume.shape[axis], at + size[axis]) - from[axis]),
  );
  const outStride = cStrides(size);
  const offsetOf = (base: number, steps: readonly number[], place: readonly number[]): number =>
    place.reduce((sum, at, axis) => sum + at * steps[axis], base);
  copyStrided(
    data,
    { offset: offsetOf(volume.offset, stride, from), stride },
    out,
    {
      offset: offsetOf(
        0,
        outStride,
        from.map((at, axis) => at - start[axis]),
      ),
      stride: outStride,
    },
    shape,
  );
  return ndarray(out, [...size]) as NdArray<T>;
}

/** Where a box starts whose middle is the volume's; negative along axes where the box is longer. */
export function centerStart(shape: readonly number[], size: readonly number[]): number[] {
  // `0 -` instead of a minus sign: it never gives minus zero.
  return shape.map((side, axis) =>
    side < size[axis]
      ? 0 - Math.floor((size[axis] - side) / 2)
      : Math.floor((side - size[axis]) / 2),
  );
}
