/**
 * Writes one-hot vectors: `classes[n]` sets `out[offset + n·count + classes[n]]` to 1, the rest of the range to 0; all of them for a class
 * that is none of the `count`.
 *
 * @param out - Written in place.
 */
export function writeOneHot(
  classes: ArrayLike<number>,
  count: number,
  out: Float32Array,
  offset: number,
): void {
  out.fill(0, offset, offset + classes.length * count);
  for (let n = 0; n < classes.length; n++) {
    if (classes[n] < count) out[offset + n * count + classes[n]] = 1;
  }
}
