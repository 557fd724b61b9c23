/**
 * Squared Euclidean distance of each voxel of a [x, y, z] grid to the nearest voxel with
 * `mask` = 1, voxels being `spacing` apart. Exact, linear time (Felzenszwalb & Huttenlocher,
 * Distance Transforms of Sampled Functions, 2012). Infinity everywhere when the mask is empty.
 */
export function distanceTransform(
  mask: Uint8Array,
  shape: readonly [number, number, number],
  spacing: readonly [number, number, number],
): Float64Array {
  const distances = Float64Array.from(mask, (m) => (m ? 0 : Number.POSITIVE_INFINITY));
  const strides = [shape[1] * shape[2], shape[2], 1];
  for (let axis = 0; axis < 3; axis++) {
    const length = shape[axis];
    const stride = strides[axis];
    const line = new Float64Array(length);
    const lower = lowerEnvelope(length, spacing[axis]);
    for (let start = 0; start < distances.length; start++) {
      // Lines begin where the coordinate along this axis is 0.
      if (Math.floor(start / stride) % length !== 0) continue;
      for (let i = 0; i < length; i++) line[i] = distances[start + i * stride]!;
      lower(line, (i, value) => {
        distances[start + i * stride] = value;
      });
    }
  }
  return distances;
}

type Emit = (index: number, value: number) => void;

/** Makes the one-dimensional transform for lines of `length` samples, `spacing` apart. */
function lowerEnvelope(length: number, spacing: number): (line: Float64Array, emit: Emit) => void {
  const roots = new Int32Array(length);
  const borders = new Float64Array(length + 1);
  return (line, emit) => {
    let count = 0;
    for (let q = 0; q < length; q++) {
      if (line[q] === Number.POSITIVE_INFINITY) continue;
      const at = q * spacing;
      let border = Number.NEGATIVE_INFINITY;
      while (count > 0) {
        const root = roots[count - 1] * spacing;
        border = (line[q] + at * at - (line[roots[count - 1]] + root * root)) / (2 * (at - root));
        if (border > borders[count - 1]) break;
        count--;
        border = Number.NEGATIVE_INFINITY;
      }
      roots[count] = q;
      borders[count] = border;
      count++;
    }
    if (count === 0) return;
    let k = 0;
    for (let q = 0; q < length; q++) {
      const at = q * spacing;
      while (k + 1 < count && borders[k + 1] < at) k++;
      const away = at - roots[k] * spacing;
      emit(q, line[roots[k]] + away * away);
    }
  };
}
