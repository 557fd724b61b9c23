import { accuracy, auc } from '@genesis/unet3d';
import ndarray from 'ndarray';
import { writeOneHot } from '../../data/one-hot.js';

/**
 * Accuracy, and the area under the ROC curve: of class 1 for two classes, else the mean over the classes, each against
 * the rest. `auc` is left out when only one class occurs.
 *
 * @param truth - Class of each case.
 * @param scores - Probability of each class for each case.
 */
export function classScores(
  truth: readonly number[],
  scores: readonly Float32Array[],
): { accuracy: number; auc?: number } {
  const classes = scores[0].length;
  const shape = [truth.length, classes];
  const target = new Float32Array(truth.length * classes);
  writeOneHot(truth, classes, target, 0);
  const found = Float32Array.from(scores.flatMap((row) => [...row]));
  const areas: number[] = [];
  for (let c = classes === 2 ? 1 : 0; c < classes; c++) {
    const isClass = Uint8Array.from(truth, (value) => (value === c ? 1 : 0));
    if (!isClass.includes(1) || !isClass.includes(0)) continue;
    areas.push(auc(ndarray(isClass), ndarray(Float32Array.from(scores, (row) => row[c]))));
  }
  return {
    accuracy: accuracy(ndarray(target, shape), ndarray(found, shape)),
    ...(areas.length > 0 ? { auc: areas.reduce((a, b) => a + b, 0) / areas.length } : {}),
  };
}
