/** The value that a share (0…1) of the values lies below: one of them, never between two. */
export function valueAt(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * values.length)];
}

/** The middle value; of an even number the upper one. */
export function upperMedian(values: readonly number[]): number {
  return valueAt(values, 0.5);
}
