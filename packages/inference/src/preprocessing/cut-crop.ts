import ndarray, { type NdArray } from 'ndarray';

type Numbers = Float32Array | Uint8Array | Int32Array;

/**
 * Copies a box out of a volume, C order (z fastest). Where the box reaches over the border it holds 0: the darkest
 * intensity, the background label.
 *
 * @param start - May be negative.
 * @returns A new array of the same type that the caller owns.
 */
export function cutCrop<T extends Numbers>(
  volume: NdArray<T>,
  start: readonly number[],
  size: readonly number[],
): NdArray<T> {
  const [nx, ny, nz] = volume.shape;
  const [sx, sy, sz] = volume.stride;
  const data = volume.data;
  const out = new (data.constructor as new (length: number) => T)(size[0] * size[1] * size[2]);
  const fromZ = Math.max(0, -start[2]);
  const toZ = Math.min(size[2], nz - start[2]);
  for (let i = 0; i < size[0]; i++) {
    const x = start[0] + i;
    if (x < 0 || x >= nx) continue;
    for (let j = 0; j < size[1]; j++) {
      const y = start[1] + j;
      if (y < 0 || y >= ny) continue;
      let source = volume.offset + x * sx + y * sy + (start[2] + fromZ) * sz;
      let target = (i * size[1] + j) * size[2] + fromZ;
      for (let k = fromZ; k < toZ; k++, source += sz) out[target++] = data[source];
    }
  }
  return ndarray(out, [size[0], size[1], size[2]]) as NdArray<T>;
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
