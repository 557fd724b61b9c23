/** p values adjusted for their number (Holm 1979), in the given order. NaN stays and is not counted. */
export function holm(p: readonly number[]): number[] {
  const order = p
    .map((_, n) => n)
    .filter((n) => !Number.isNaN(p[n]))
    .sort((a, b) => p[a] - p[b]);
  const adjusted = p.map(() => Number.NaN);
  let largest = 0;
  for (const [k, n] of order.entries()) {
    largest = Math.min(1, Math.max(largest, (order.length - k) * p[n]));
    adjusted[n] = largest;
  }
  return adjusted;
}
