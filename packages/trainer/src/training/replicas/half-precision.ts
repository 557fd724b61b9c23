import type { Communicator } from '@genesis/mpi';

/** Of a message: what its last sums were like, and what rounding has left over. */
interface Memory {
  /** The largest absolute value of the last sum; the same in every rank. */
  largest: number;
  readonly residual: Float32Array;
}

/** Values may become this much larger from one step to the next before they are cut off, which the remainder makes good. */
const HEADROOM = 16;

/** The largest finite half. */
const LARGEST_HALF = 65504;

/**
 * Sums messages as halves. They are scaled by a power of two so that the values of the step before would have used the range of
 * halves; what rounding leaves over is added in the next step (error feedback; Seide et al., 2014). The first step, and one after sums of zeros,
 * goes in full precision.
 */
export class HalfPrecision {
  private readonly memories = new Map<number, Memory>();

  constructor(private readonly comm: Communicator) {}

  /** @param message - Which of a step's messages this is; each has a memory of its own. */
  async allReduce(message: number, pieces: readonly Float32Array[]): Promise<void> {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const known = this.memories.get(message);
    const memory =
      known?.residual.length === length
        ? known
        : { largest: 0, residual: new Float32Array(length) };
    this.memories.set(message, memory);
    const scale = scaleFor(memory.largest, this.comm.size);
    await (scale === undefined
      ? this.comm.allReduce(pieces)
      : this.comm.allReduceHalf(pieces, { scale, residual: memory.residual }));
    memory.largest = largestOf(pieces);
  }
}

function scaleFor(largest: number, ranks: number): number | undefined {
  if (!(largest > 0 && Number.isFinite(largest))) return undefined;
  return 2 ** Math.floor(Math.log2(LARGEST_HALF / ranks / HEADROOM / largest));
}

function largestOf(pieces: readonly Float32Array[]): number {
  let largest = 0;
  for (const piece of pieces) {
    for (const value of piece) {
      const size = Math.abs(value);
      // NaN counts too: the next step goes in full precision.
      if (!(size <= largest)) largest = size;
    }
  }
  return largest;
}
