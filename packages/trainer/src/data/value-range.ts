/** The range and the sum of the finite values that it has been given, part by part. */
export class ValueRange {
  /** Infinity, and −Infinity for `max`, while there was none. */
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  sum = 0;
  finite = 0;
  nonFinite = 0;

  /** Takes the next values. */
  add(values: ArrayLike<number | bigint>): void {
    // In variables of their own, which a loop over many voxels does not have to store each time.
    let { min, max, sum, nonFinite } = this;
    for (let n = 0; n < values.length; n++) {
      const value = Number(values[n]);
      if (!Number.isFinite(value)) {
        nonFinite++;
        continue;
      }
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
    }
    this.finite += values.length - (nonFinite - this.nonFinite);
    Object.assign(this, { min, max, sum, nonFinite });
  }
}
