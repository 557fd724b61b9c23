/** ‖actual − expected‖ / ‖expected‖; NaN where one of the values is. @throws Error when the lengths differ. */
export function relativeL2(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} ≠ ${expected.length}`);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

/**
 * ‖actual − expected‖ / ‖scale‖ over arrays that may hold NaN and infinities: equal ones differ by nothing, and
 * those of `scale` do not count. Infinity when the lengths differ.
 */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale: ArrayLike<number> = expected,
): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < actual.length; i++) {
    const a = actual[i];
    const e = expected[i];
    if (Number.isFinite(scale[i])) norm += scale[i] ** 2;
    if (!(Object.is(a, e) || (Number.isNaN(a) && Number.isNaN(e)))) difference += (a - e) ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
