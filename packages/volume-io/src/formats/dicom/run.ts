import type { Vec3 } from '@genesis/core';
import { dot, norm, scale, subtract } from '../../geometry/vector.js';
import type { Slice } from './slice.js';

/** A slice and where it lies along the normal of its stack. */
export interface PlacedSlice {
  readonly slice: Slice;
  readonly position: Vec3;
  /** mm along the normal. */
  readonly along: number;
}

/** Slices closer than this lie at the same place. */
const SAME_PLACE = 0.01;
/** Distances that differ by less than this part of the usual one, or by this many mm, are rounding. */
const EVEN = 0.01;
const ROUNDED = 0.011;
/** Slices of one stack lie off a straight line by less than this many mm. */
const STRAIGHT = 0.1;
/** Slices are stacked within this angle of their normal: sine of it. */
const STEEP = Math.sin((60 * Math.PI) / 180);

/** Some of the slices of a group, in order along the normal. */
export class Run {
  /** Slices at one place. */
  readonly places: readonly (readonly PlacedSlice[])[];
  /** mm along the normal from place to place. */
  private readonly gaps: readonly number[];
  /** The usual gap; undefined for a single place. */
  readonly gap: number | undefined;

  constructor(readonly slices: readonly PlacedSlice[]) {
    this.places = groupByPlace(slices);
    this.gaps = this.places.slice(1).map(([b], n) => b.along - this.places[n][0].along);
    this.gap = this.gaps.length === 0 ? undefined : median(this.gaps);
  }

  get first(): PlacedSlice {
    return this.slices[0];
  }

  get last(): PlacedSlice {
    return this.slices[this.slices.length - 1];
  }

  /** No two slices lie at one place. */
  get distinct(): boolean {
    return this.places.length === this.slices.length;
  }

  /** One slice behind the other at even distances along a straight line. */
  get regular(): boolean {
    return this.distinct && this.straight && this.isEven((gap, usual) => Math.abs(gap - usual));
  }

  /** As good as regular, for what is one stack with rounded or uneven positions, or with some slices missing. */
  get nearlyRegular(): boolean {
    if (!this.distinct || !this.straight || this.gap === undefined) return false;
    const usual = this.gap;
    if (this.gaps.every((gap) => Math.abs(gap - usual) <= NEARLY * usual)) return true;
    const steps = this.gaps.reduce((sum, gap) => sum + Math.round(gap / usual), 0);
    return (
      this.gaps.length >= MOSTLY * steps &&
      this.isEven((gap) => Math.abs(gap - usual * Math.max(1, Math.round(gap / usual))))
    );
  }

  /** Do the two lie in one another, in part at least? */
  overlaps(other: Run): boolean {
    return this.first.along < other.last.along && other.first.along < this.last.along;
  }

  /** Would the two, one behind the other or in one another, be one regular stack? */
  joins(other: Run): boolean {
    const [low, high] = this.first.along <= other.first.along ? [this, other] : [other, this];
    if (low.overlaps(high) || low.last.along >= high.first.along) {
      return new Run(merged(low.slices, high.slices)).regular;
    }
    const usual = low.gap ?? high.gap;
    // Of two single slices nobody can tell.
    if (usual === undefined) return true;
    const gap = high.first.along - low.last.along;
    const alike = Math.abs((high.gap ?? usual) - usual) <= NEARLY * usual;
    return alike && Math.abs(gap - usual) <= 0.5 * usual;
  }

  /** Do the two cover the same places? */
  covers(other: Run): boolean {
    return (
      this.places.length === other.places.length &&
      this.places.every(([a], n) => isSamePlace(a, other.places[n][0]))
    );
  }

  private isEven(deviation: (gap: number, usual: number) => number): boolean {
    const usual = this.gap;
    if (usual === undefined) return true;
    const most = Math.max(EVEN * usual, Math.min(ROUNDED, 0.2 * usual));
    return usual > 0 && this.gaps.every((gap) => deviation(gap, usual) <= most);
  }

  private get straight(): boolean {
    const { first, last } = this;
    const step = subtract(last.position, first.position);
    const along = last.along - first.along;
    const length = norm(step);
    if (length === 0) return true;
    // The part of the step that runs sideways.
    if (Math.sqrt(Math.max(0, length ** 2 - along ** 2)) > STEEP * length) return false;
    return this.slices.every(({ position, along: at }) => {
      const t = along === 0 ? 0 : (at - first.along) / along;
      return norm(subtract(subtract(position, first.position), scale(step, t))) <= STRAIGHT;
    });
  }
}

/** Gaps of one stack that vary by less than this part of the usual one are uneven, not those of two stacks. */
const NEARLY = 0.25;
/** A stack with gaps where slices are missing has more than this part of its slices. */
const MOSTLY = 0.6;

/** Slices with their place along `normal`, in that order; at one place in order of their numbers. */
export function placeSlices(slices: readonly Slice[], normal: Vec3): PlacedSlice[] {
  const placed = slices.map((slice): PlacedSlice => {
    // Without a position, slices are in the order of their numbers.
    const position = slice.info.position ?? scale(normal, slice.info.order);
    return { slice, position, along: dot(position, normal) };
  });
  return placed.sort((a, b) => a.along - b.along || byNumber(a.slice, b.slice));
}

/** Instance numbers, then the frames of one file. */
export function byNumber(a: Slice, b: Slice): number {
  return a.info.order - b.info.order || a.frame - b.frame;
}

function merged(a: readonly PlacedSlice[], b: readonly PlacedSlice[]): PlacedSlice[] {
  return [...a, ...b].sort((x, y) => x.along - y.along);
}

function isSamePlace(a: PlacedSlice, b: PlacedSlice): boolean {
  return norm(subtract(a.position, b.position)) < SAME_PLACE;
}

function groupByPlace(slices: readonly PlacedSlice[]): PlacedSlice[][] {
  const places: PlacedSlice[][] = [];
  for (const slice of slices) {
    // Places that lie side by side have the same distance along the normal.
    let place: PlacedSlice[] | undefined;
    for (let n = places.length - 1; n >= 0 && !place; n--) {
      if (slice.along - places[n][0].along >= SAME_PLACE) break;
      if (isSamePlace(places[n][0], slice)) place = places[n];
    }
    if (place) place.push(slice);
    else places.push([slice]);
  }
  for (const place of places) place.sort((a, b) => byNumber(a.slice, b.slice));
  return places;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
