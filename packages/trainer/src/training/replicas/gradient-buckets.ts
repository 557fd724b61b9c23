import type { Communicator } from '@genesis/mpi';
import type { WeightGradients } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import { HalfPrecision } from './half-precision.js';

export interface GradientBucketsOpts {
  /** Bytes of a message, about. */
  readonly bucketBytes: number;
  /** Messages travel as halves, with error feedback. */
  readonly half: boolean;
}

interface Reduced {
  readonly values: Float32Array;
  readonly shape: number[];
}

/**
 * Sums gradients over the ranks in messages of about equal size, begun as soon as one is full, in the order in which gradients become
 * known. The thread of MPI works on them while the backward pass goes on.
 */
export class GradientBuckets {
  private readonly gradients = new Map<string, Reduced>();
  private pieces: Float32Array[] = [];
  private bytes = 0;
  private sent: Promise<void>[] = [];
  private readonly half: HalfPrecision | undefined;

  constructor(
    private readonly comm: Communicator,
    private readonly opts: GradientBucketsOpts,
  ) {
    this.half = opts.half ? new HalfPrecision(comm) : undefined;
  }

  /** Takes a gradient's values; the tensor stays the caller's. */
  add(name: string, gradient: tf.Tensor): void {
    // Copied: an engine may hand out its own memory, and the sum is written into the values.
    const values = (gradient.dataSync() as Float32Array).slice();
    this.gradients.set(name, { values, shape: gradient.shape });
    const whole = Math.max(1, Math.floor(this.opts.bucketBytes / values.BYTES_PER_ELEMENT));
    for (let first = 0; first < values.length; ) {
      const room = whole - this.bytes / values.BYTES_PER_ELEMENT;
      const piece = values.subarray(first, first + room);
      this.pieces.push(piece);
      this.bytes += piece.byteLength;
      first += piece.length;
      if (this.bytes >= whole * values.BYTES_PER_ELEMENT) this.send();
    }
  }

  /** Sends what is left and gives the sums of all gradients, as new tensors. */
  async finish(): Promise<WeightGradients> {
    this.send();
    await Promise.all(this.sent);
    const sums: WeightGradients = {};
    for (const [name, { values, shape }] of this.gradients) {
      sums[name] = tf.tensor(values, shape, 'float32');
    }
    this.gradients.clear();
    this.sent = [];
    return sums;
  }

  /** Whether this step's gradient of the weight was added. */
  has(name: string): boolean {
    return this.gradients.has(name);
  }

  private send(): void {
    if (this.pieces.length === 0) return;
    const { pieces } = this;
    const sum = this.half
      ? this.half.allReduce(this.sent.length, pieces)
      : this.comm.allReduce(pieces);
    // Awaited when the backward pass is over; a failure before that must not end the process.
    sum.catch(() => undefined);
    this.sent.push(sum);
    this.pieces = [];
    this.bytes = 0;
  }
}
