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
  const chosen = scores.map((row) => row.indexOf(Math.max(...row)));
  const right = chosen.filter((value, n) => value === truth[n]).length;
  const classes = scores[0]?.length ?? 0;
  const areas: number[] = [];
  for (let c = classes === 2 ? 1 : 0; c < classes; c++) {
    const isClass = truth.map((value) => (value === c ? 1 : 0));
    const positives = isClass.reduce<number>((sum, value) => sum + value, 0);
    if (positives === 0 || positives === truth.length) continue;
    areas.push(
      auc(
        isClass,
        scores.map((row) => row[c]),
      ),
    );
  }
  return {
    accuracy: right / truth.length,
    ...(areas.length > 0 ? { auc: areas.reduce((a, b) => a + b, 0) / areas.length } : {}),
  };
}

function auc(truth: readonly number[], scores: readonly number[]): number {
  let [wins, pairs] = [0, 0];
  for (let a = 0; a < truth.length; a++) {
    for (let b = 0; b < truth.length; b++) {
      if (truth[a] !== 1 || truth[b] !== 0) continue;
      pairs++;
      wins += scores[a] > scores[b] ? 1 : scores[a] === scores[b] ? 0.5 : 0;
    }
  }
  return wins / pairs;
}
