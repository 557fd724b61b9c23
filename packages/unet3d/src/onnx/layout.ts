/**
 * Copies a C-contiguous array with its axes in another order: axis i of the result is axis
 * `order[i]` of the source.
 */
export function permuteAxes(
  data: ArrayLike<number>,
  shape: readonly number[],
  order: readonly number[],
): { data: Float32Array; shape: number[] } {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  }
  const outShape = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const out = new Float32Array(data.length);
  const index = new Array<number>(outShape.length).fill(0);
  let source = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[source]!;
    for (let axis = outShape.length - 1; axis >= 0; axis--) {
      source += steps[axis];
      if (++index[axis] < outShape[axis]) break;
      source -= steps[axis] * outShape[axis];
      index[axis] = 0;
    }
  }
  return { data: out, shape: outShape };
}
