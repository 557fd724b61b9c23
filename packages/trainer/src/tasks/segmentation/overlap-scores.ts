import type { ClassArray, OutputBlock } from '@genesis/inference';
import type { NdArray } from 'ndarray';
import { IGNORED } from './label-classes.js';

/** Overlap of one class in one case; undefined where neither truth nor prediction holds it. */
export interface OverlapScore {
  readonly dice: number | undefined;
  readonly iou: number | undefined;
  /** IoU of the class averaged over the thresholds 0.5, 0.55, … 0.95 on its probability. */
  readonly meanIou: number | undefined;
}

/** Probabilities are float32, so the thresholds are rounded as they are. */
const THRESHOLDS = Float32Array.from({ length: 10 }, (_, n) => 0.5 + 0.05 * n);

/** Counts how far probabilities, which come in blocks, agree with the truth; then gives the scores. */
export class OverlapCounts {
  /** Voxels whose probability of a class is above a threshold, by class and threshold. */
  private readonly above: Float64Array;
  /** Those of them that have the class. */
  private readonly hits: Float64Array;

  /**
   * @param truth - Class of each voxel, [x, y, z], C order; IGNORED where it does not count.
   * @param classes - How many there are.
   */
  constructor(
    private readonly truth: NdArray<ClassArray>,
    private readonly classes: number,
  ) {
    this.above = new Float64Array(classes * THRESHOLDS.length);
    this.hits = new Float64Array(classes * THRESHOLDS.length);
  }

  add({ start, channel, values }: OutputBlock): void {
    const [nx, ny, nz, channels] = values.shape;
    const { data, offset } = values;
    const [, sy, sz] = this.truth.shape;
    const truth = this.truth.data;
    for (let row = 0, at = offset; row < nx * ny; row++) {
      const [i, j] = [start[0] + Math.floor(row / ny), start[1] + (row % ny)];
      let voxel = (i * sy + j) * sz + start[2];
      for (let k = 0; k < nz; k++, voxel++) {
        if (truth[voxel] === IGNORED) {
          at += channels;
          continue;
        }
        for (let c = channel; c < channel + channels; c++) {
          const value = data[at++];
          if (value > THRESHOLDS[0]) this.count(c, value, truth[voxel] === c);
        }
      }
    }
  }

  /**
   * Dice and IoU of the most probable class, and mean IoU over thresholds, for every class but the first.
   *
   * @param predicted - Most probable class of each voxel, C order.
   */
  scores(predicted: NdArray<ClassArray>): OverlapScore[] {
    const real = new Float64Array(this.classes);
    const found = new Float64Array(this.classes);
    const both = new Float64Array(this.classes);
    for (let n = 0; n < predicted.size; n++) {
      const [a, b] = [this.truth.data[n], predicted.data[n]];
      if (a === IGNORED) continue;
      real[a]++;
      found[b]++;
      if (a === b) both[a]++;
    }
    return Array.from({ length: this.classes - 1 }, (_, n): OverlapScore => {
      const c = n + 1;
      const sum = real[c] + found[c];
      if (sum === 0) return { dice: undefined, iou: undefined, meanIou: undefined };
      return {
        dice: (2 * both[c]) / sum,
        iou: both[c] / (sum - both[c]),
        meanIou: this.meanIou(c, real[c]),
      };
    });
  }

  private count(c: number, value: number, isHit: boolean): void {
    for (let t = 0; t < THRESHOLDS.length && value > THRESHOLDS[t]; t++) {
      this.above[c * THRESHOLDS.length + t]++;
      if (isHit) this.hits[c * THRESHOLDS.length + t]++;
    }
  }

  private meanIou(c: number, real: number): number {
    let sum = 0;
    for (let t = 0; t < THRESHOLDS.length; t++) {
      const at = c * THRESHOLDS.length + t;
      const union = real + this.above[at] - this.hits[at];
      sum += union === 0 ? 1 : this.hits[at] / union;
    }
    return sum / THRESHOLDS.length;
  }
}
