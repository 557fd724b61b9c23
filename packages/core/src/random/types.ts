/** 64 bits that name a random stream; plain data. */
export type Seed = readonly [number, number];

/** Everything needed to continue a generator; plain data. */
export interface RngState {
  key: readonly [number, number, number, number];
  stream: readonly [number, number, number, number];
}

/** A splittable generator of random numbers. */
export interface Rng {
  /** A number in [0, 1) with 53 random bits. */
  uniform(): number;
  /** An integer in lo…hi, both included. */
  int(lo: number, hi: number): number;
  /** A standard normal number. */
  normal(): number;
  /** Fills `out` with float32 numbers in [0, 1), 24 random bits each. */
  fillUniform(out: Float32Array): void;
  /** A generator of its own for these keys; does not depend on how much was drawn from this one. */
  split(...keys: number[]): Rng;
  state(): RngState;
}
