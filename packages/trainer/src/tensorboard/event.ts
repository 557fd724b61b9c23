/** What TensorBoard is told: plain data, of which `encodeEvent` makes the bytes. */
export type Event =
  /** The first record of a file. */
  | { readonly kind: 'file' }
  /** What other files say of this step and later ones does not hold: a run goes on from before them. */
  | { readonly kind: 'restart'; readonly step: number }
  | { readonly kind: 'summary'; readonly step: number; readonly values: readonly SummaryValue[] };

/** A value with the name under which TensorBoard shows it; what stands before a '/' is a group. */
export type SummaryValue = { readonly tag: string } & (
  | { readonly scalar: number }
  | { readonly histogram: Histogram }
  | { readonly image: Picture }
);

/** How many values lie in each of several ranges. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper ends of the ranges, growing. */
  readonly limits: readonly number[];
  /** Values in each. */
  readonly counts: readonly number[];
}

export interface Picture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}
