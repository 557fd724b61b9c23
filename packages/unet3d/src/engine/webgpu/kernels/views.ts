/** The same block of numbers in several tensors, each with its own strides. */
export interface Views {
  /** Axes, outermost first; none of size 1, neighbours that lie alike in all tensors made one. */
  readonly dims: number[];
  /** For each tensor, elements from one index to the next along each axis; 0 repeats. */
  readonly strides: number[][];
}

/** C-order strides of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Strides that repeat a tensor of `shape` over `target`, as TensorFlow broadcasts. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = stridesOf(shape);
  const missing = target.length - shape.length;
  return target.map((_, axis) =>
    axis < missing || shape[axis - missing] === 1 ? 0 : own[axis - missing],
  );
}

/** Leaves out axes of size 1 and joins neighbours where every tensor allows it. */
export function mergeAxes(shape: readonly number[], strides: readonly number[][]): Views {
  const dims: number[] = [];
  const merged: number[][] = strides.map(() => []);
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const last = dims.length - 1;
    const joins = last >= 0 && strides.every((own, i) => merged[i][last] === own[axis] * size);
    if (joins) {
      dims[last] *= size;
      for (const [i, own] of strides.entries()) merged[i][last] = own[axis];
    } else {
      dims.push(size);
      for (const [i, own] of strides.entries()) merged[i].push(own[axis]);
    }
  }
  if (dims.length === 0) return { dims: [1], strides: strides.map(() => [0]) };
  return { dims, strides: merged };
}

/** Elements from the first to the last that a view touches, both included. */
export function extentOf(dims: readonly number[], strides: readonly number[]): number {
  return 1 + dims.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], 0);
}
