import type { PooledValues } from './pooled-values.js';

/** Float32 values of one of two tensors that are joined along their last axis. */
export interface ChannelPart {
  readonly values: PooledValues;
  readonly channels: number;
}

/**
 * A tensor of which only the two parts exist: kernels that can read (or write) them where they are save the copies of a
 * concatenation and of its gradient; for all others they are joined when they ask.
 */
export class ChannelParts {
  constructor(
    readonly parts: readonly [ChannelPart, ChannelPart],
    private readonly joined: (parts: readonly Float32Array[]) => PooledValues,
  ) {}

  get channels(): number {
    return this.parts[0].channels + this.parts[1].channels;
  }

  get arrays(): [Float32Array, Float32Array] {
    const [first, second] = this.parts;
    return [first.values.data as Float32Array, second.values.data as Float32Array];
  }

  /** The part that has exactly these channels. */
  part(first: number, count: number): PooledValues | undefined {
    const [a, b] = this.parts;
    if (first === 0 && count === a.channels) return a.values;
    return first === a.channels && count === b.channels ? b.values : undefined;
  }

  /** All channels in one array. The parts are let go. */
  join(): PooledValues {
    const joined = this.joined(this.arrays);
    this.release();
    return joined;
  }

  release(): void {
    for (const { values } of this.parts) values.release();
  }
}
