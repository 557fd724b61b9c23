import { OptionError } from '../errors.js';
import { type MetricInput, pairs } from './pairs.js';

/**
 * Area under the ROC curve: the chance that a positive scores higher than a negative, ties counted
 * half (scikit-learn's roc_auc_score). Target 0 or 1, prediction any score, same shape.
 * @throws OptionError when the target has only one class.
 */
export function auc(target: MetricInput, prediction: MetricInput): number {
  const [t, p] = pairs(target, prediction);
  const order = Uint32Array.from({ length: t.length }, (_, i) => i).sort((a, b) => p[a] - p[b]);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && p[order[end]] === p[order[start]]) end++;
    // Equal scores share the mean of their ranks, start + 1 … end.
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) {
      if (t[order[i]] > 0.5) {
        positives++;
        rankSum += rank;
      }
    }
    start = end;
  }
  const negatives = t.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new OptionError(
      'target',
      'AUC needs both positive and negative samples; the target has one kind.',
    );
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
