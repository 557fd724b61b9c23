import type { NdArray } from 'ndarray';

/** Overlap of one class in one case; undefined where neither truth nor prediction holds it. */
export interface OverlapScore {
  readonly dice: number | undefined;
  readonly iou: number | undefined;
  /** IoU averaged over the thresholds 0.5, 0.55, … 0.95 on the class's probability. */
  readonly meanIou: number | undefined;
}

const THRESHOLDS = Array.from({ length: 10 }, (_, n) => 0.5 + 0.05 * n);

/**
 * Dice and IoU of the most probable class, and mean IoU over thresholds, for every class but the first; one pass over
 * the voxels.
 *
 * @param truth - Class of each voxel, C order.
 * @param probabilities - [x, y, z, classes], C order.
 */
export function overlapScores(
  truth: NdArray<Uint8Array>,
  predicted: NdArray<Uint8Array>,
  probabilities: NdArray<Float32Array>,
): OverlapScore[] {
  const classes = probabilities.shape[3];
  const bins = THRESHOLDS.length;
  const real = new Float64Array(classes);
  const found = new Float64Array(classes);
  const both = new Float64Array(classes);
  // By class and number of thresholds that the probability reaches.
  const reached = new Float64Array(classes * (bins + 1));
  const reachedBoth = new Float64Array(classes * (bins + 1));
  for (let n = 0; n < truth.data.length; n++) {
    const t = truth.data[n];
    const p = predicted.data[n];
    real[t]++;
    found[p]++;
    if (t === p) both[t]++;
    for (let c = 1; c < classes; c++) {
      const value = probabilities.data[n * classes + c];
      let count = 0;
      while (count < bins && value >= THRESHOLDS[count]) count++;
      reached[c * (bins + 1) + count]++;
      if (t === c) reachedBoth[c * (bins + 1) + count]++;
    }
  }
  return Array.from({ length: classes - 1 }, (_, n): OverlapScore => {
    const c = n + 1;
    let [sum, used, above, aboveBoth] = [0, 0, 0, 0];
    for (let count = bins; count >= 1; count--) {
      above += reached[c * (bins + 1) + count];
      aboveBoth += reachedBoth[c * (bins + 1) + count];
      const union = above + real[c] - aboveBoth;
      if (union === 0) continue;
      sum += aboveBoth / union;
      used++;
    }
    const total = real[c] + found[c];
    return {
      dice: total === 0 ? undefined : (2 * both[c]) / total,
      iou: total === 0 ? undefined : both[c] / (total - both[c]),
      meanIou: used === 0 ? undefined : sum / used,
    };
  });
}
