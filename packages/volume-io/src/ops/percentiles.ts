/**
 * Percentiles (0 … 100) with linear interpolation between the two nearest values, as numpy.percentile gives them.
 * Reorders `values`, which must be finite and not empty.
 */
export function percentiles(
  values: Float32Array | Float64Array,
  wanted: readonly number[],
): number[] {
  return wanted.map((p) => {
    const position = (p / 100) * (values.length - 1);
    const n = Math.min(Math.floor(position), values.length - 1);
    const lower = selectNth(values, n);
    const part = position - n;
    if (part === 0) return lower;
    // Everything behind n is at least as large: the next value is the least of it.
    let upper = Number.POSITIVE_INFINITY;
    for (let i = n + 1; i < values.length; i++) if (values[i] < upper) upper = values[i];
    return lower + part * (upper - lower);
  });
}

/** Quickselect (Hoare 1961): the n-th smallest value ends at n, none after it is smaller. */
function selectNth(values: Float32Array | Float64Array, n: number): number {
  let lo = 0;
  let hi = values.length - 1;
  while (lo < hi) {
    const pivot = medianOfThree(values[lo], values[(lo + hi) >>> 1], values[hi]);
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const swap = values[i];
        values[i++] = values[j];
        values[j--] = swap;
      }
    }
    if (n <= j) hi = j;
    else if (n >= i) lo = i;
    else break;
  }
  return values[n];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
