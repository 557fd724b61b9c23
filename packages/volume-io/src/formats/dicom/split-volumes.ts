import { norm, subtract } from '../../geometry/vector.js';
import type { Slice } from './slice.js';

export interface VolumeSplit {
  volumes: Slice[][];
  notes: string[];
}

/** Slices closer than this lie at the same place. */
const SAME_PLACE = 0.01;

/**
 * Sorts out slices that lie at the same place. Time points, echoes or b-values become the volumes of one 4-D stack
 * where each covers the same places, or stacks of their own where they cover different ones; what nothing tells
 * apart is a duplicate, and the first one is used. `slices` are sorted along their normal.
 */
export function splitVolumes(slices: readonly Slice[]): VolumeSplit[] {
  if (!slices[0].info.position) {
    const byOrder = [...slices].sort((a, b) => a.info.order - b.info.order || a.frame - b.frame);
    const notes =
      slices.length > 1
        ? ['The slices have no position; they were put in order of their instance or frame number.']
        : [];
    return [{ volumes: [byOrder], notes }];
  }
  const places = groupByPlace(slices);
  const count = places[0].length;
  if (places.length === slices.length) return [{ volumes: [[...slices]], notes: [] }];
  for (let n = 0; n < slices[0].info.discriminators.length; n++) {
    const groups = groupByDiscriminator(slices, n);
    if (groups.length < 2 || groups.some((g) => groupByPlace(g).length !== g.length)) continue;
    if (groups.every((g) => g.length === places.length)) {
      return [{ volumes: groups, notes: [volumesNote(groups.length)] }];
    }
    return groups.map((g) => ({ volumes: [g], notes: [] }));
  }
  const plentiful = places.every((p) => p.length === count);
  const distinct = places.every((p) => new Set(p.map((s) => s.info.order)).size === p.length);
  if (plentiful && distinct && places.length > 1) {
    const volumes = Array.from({ length: count }, (_, v) => places.map((p) => p[v]));
    return [
      { volumes, notes: [`${volumesNote(count)} They are told apart by instance number only.`] },
    ];
  }
  const dropped = slices.length - places.length;
  return [
    {
      volumes: [places.map((p) => p[0])],
      notes: [
        `${dropped} ${dropped === 1 ? 'slice lies' : 'slices lie'} where another one lies; the one with the lowest instance number was used.`,
      ],
    },
  ];
}

const volumesNote = (count: number): string =>
  `The series holds ${count} volumes at the same place.`;

function groupByPlace(slices: readonly Slice[]): Slice[][] {
  const places: Slice[][] = [];
  for (const slice of slices) {
    const place = places[places.length - 1];
    const same =
      place && norm(subtract(place[0].info.position!, slice.info.position!)) < SAME_PLACE;
    if (same) place.push(slice);
    else places.push([slice]);
  }
  for (const place of places)
    place.sort((a, b) => a.info.order - b.info.order || a.frame - b.frame);
  return places;
}

/** Groups in ascending order of the value; slices without one form a group of their own. */
function groupByDiscriminator(slices: readonly Slice[], n: number): Slice[][] {
  const groups = new Map<string, Slice[]>();
  for (const slice of slices) {
    const key = slice.info.discriminators[n] ?? '';
    const group = groups.get(key);
    if (group) group.push(slice);
    else groups.set(key, [slice]);
  }
  return [...groups].sort(([a], [b]) => compareKeys(a, b)).map(([, group]) => group);
}

function compareKeys(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}
