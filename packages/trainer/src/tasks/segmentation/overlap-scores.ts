import { dice, iou, meanIou } from '@genesis/unet3d';
import ndarray, { type NdArray } from 'ndarray';

/** Overlap of one class in one case; undefined where neither truth nor prediction holds it. */
export interface OverlapScore {
  readonly dice: number | undefined;
  readonly iou: number | undefined;
  /** IoU of the class averaged over the thresholds 0.5, 0.55, … 0.95 on its probability. */
  readonly meanIou: number | undefined;
}

/**
 * Dice and IoU of the most probable class, and mean IoU over thresholds, for every class but the first.
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
  return Array.from({ length: classes - 1 }, (_, n): OverlapScore => {
    const [real, found] = [mask(truth, n + 1), mask(predicted, n + 1)];
    if (!real.data.includes(1) && !found.data.includes(1)) {
      return { dice: undefined, iou: undefined, meanIou: undefined };
    }
    const probability = probabilities.pick(null, null, null, n + 1);
    return {
      dice: dice(real, found),
      iou: iou(real, found),
      meanIou: meanIou(real, probability, { classes: 'foreground' }),
    };
  });
}

/** 1 where a voxel has the class, else 0. */
function mask(classes: NdArray<Uint8Array>, wanted: number): NdArray<Uint8Array> {
  const out = new Uint8Array(classes.size);
  for (let n = 0; n < out.length; n++) out[n] = classes.data[n] === wanted ? 1 : 0;
  return ndarray(out, classes.shape);
}
