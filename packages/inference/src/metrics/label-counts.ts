import type { NumberArray, Vec3 } from '@genesis/core';

/** A box of voxels: from (inclusive) and to (exclusive) along each axis. */
export interface Box {
  readonly from: Vec3;
  readonly to: Vec3;
}

/** What two label maps have in common. Labels that were not asked for are one, at place 0. */
export interface LabelCounts {
  /** Places from 1 of the values that were asked for. */
  readonly places: ReadonlyMap<number, number>;
  /** How often a place of the truth meets one of the prediction, at truth · (places + 1) + prediction. */
  readonly meetings: Float64Array;
  /** Where each place occurs, in either map; undefined where it does not. */
  readonly boxes: readonly (Box | undefined)[];
}

/** The place of each value; undefined stands for 0. */
export type PlaceOf = (value: number) => number;

/** Tables are made for values up to this. */
const TABLE = 2 ** 16;

/** Places by value, quick for values that labels usually have. */
export function placesOf(values: Iterable<number>): {
  readonly places: ReadonlyMap<number, number>;
  readonly placeOf: PlaceOf;
} {
  const places = new Map([...new Set(values)].map((value, n) => [value, n + 1]));
  const small = [...places.keys()].every(
    (value) => Number.isInteger(value) && value >= 0 && value < TABLE,
  );
  if (!small) return { places, placeOf: (value) => places.get(value) ?? 0 };
  const table = new Uint32Array(Math.max(1, ...[...places.keys()].map((value) => value + 1)));
  for (const [value, place] of places) table[value] = place;
  return { places, placeOf: (value) => table[value] ?? 0 };
}

/**
 * Counts in one pass over both maps.
 *
 * @param truth - [x, y, z], C order; so is `predicted`, of the same shape.
 */
export function countLabels(
  truth: NumberArray,
  predicted: NumberArray,
  [nx, ny, nz]: Vec3,
  values: Iterable<number>,
  ignore: number | undefined,
): LabelCounts {
  const { places, placeOf } = placesOf(values);
  const side = places.size + 1;
  const meetings = new Float64Array(side * side);
  const bounds = Array.from({ length: side }, () => new Bounds());
  for (let x = 0, n = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      for (let z = 0; z < nz; ) {
        // Neighbors mostly have the same labels.
        const [real, made, first] = [truth[n], predicted[n], z];
        do {
          z++;
          n++;
        } while (z < nz && truth[n] === real && predicted[n] === made);
        if (real === ignore) continue;
        const [a, b] = [placeOf(real), placeOf(made)];
        meetings[a * side + b] += z - first;
        if (a !== 0) bounds[a].add(x, y, first, z);
        if (b !== 0 && b !== a) bounds[b].add(x, y, first, z);
      }
    }
  }
  return { places, meetings, boxes: bounds.map((one) => one.box()) };
}

/** The smallest box around voxels. */
class Bounds {
  private x0 = Number.POSITIVE_INFINITY;
  private y0 = Number.POSITIVE_INFINITY;
  private z0 = Number.POSITIVE_INFINITY;
  private x1 = -1;
  private y1 = -1;
  private z1 = -1;

  /** Adds the voxels of a row from z to `end` (exclusive); rows come in the order of x. */
  add(x: number, y: number, z: number, end: number): void {
    if (x < this.x0) this.x0 = x;
    if (y < this.y0) this.y0 = y;
    if (z < this.z0) this.z0 = z;
    this.x1 = x;
    if (y > this.y1) this.y1 = y;
    if (end > this.z1) this.z1 = end;
  }

  box(): Box | undefined {
    if (this.x1 < 0) return undefined;
    return {
      from: [this.x0, this.y0, this.z0],
      to: [this.x1 + 1, this.y1 + 1, this.z1],
    };
  }
}
