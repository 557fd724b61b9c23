/** Whole numbers of at most 16 bits. */
export type SmallIntegers = Int8Array | Uint8Array | Int16Array | Uint16Array;

export function isSmallIntegers(values: ArrayLike<number>): values is SmallIntegers {
  return (
    values instanceof Int8Array ||
    values instanceof Uint8Array ||
    values instanceof Int16Array ||
    values instanceof Uint16Array
  );
}

/** As `percentiles`, for small integers: by counting, without a copy. None when there are no values to count. */
export function countedPercentiles(
  values: SmallIntegers,
  wanted: readonly number[],
  over: 'all' | 'nonzero',
): number[] | undefined {
  const signed = values instanceof Int8Array || values instanceof Int16Array;
  const span = 2 ** (8 * values.BYTES_PER_ELEMENT);
  const lowest = signed ? -span / 2 : 0;
  const counts = new Float64Array(span);
  for (let n = 0; n < values.length; n++) counts[values[n] - lowest]++;
  if (over === 'nonzero') counts[-lowest] = 0;
  const total = counts.reduce((sum, c) => sum + c);
  if (total === 0) return undefined;
  /** The n-th smallest value, counted from 0. */
  const nth = (n: number): number => {
    let seen = 0;
    let at = 0;
    while (seen + counts[at] <= n) seen += counts[at++];
    return at + lowest;
  };
  return wanted.map((p) => {
    const position = (p / 100) * (total - 1);
    const n = Math.floor(position);
    const lower = nth(n);
    return position === n ? lower : lower + (position - n) * (nth(n + 1) - lower);
  });
}
