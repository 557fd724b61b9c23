import type { SeriesFile } from './series-file.js';
import type { Slice } from './slice.js';
import { splitVolumes } from './split-volumes.js';

/** Slices that form one grid, or several grids at one place (4-D). */
export interface Stack {
  /** Series instance UID, with '#1', '#2', … when one series holds several stacks. */
  readonly id: string;
  readonly uid: string;
  /** volumes[v][k]: slices of volume v in order along the normal, or against it; all volumes have as many slices. */
  readonly volumes: readonly (readonly Slice[])[];
  readonly localizer: boolean;
  /** What tells it from other stacks of its series, 'acquisition 2'; '' where its shape and place do. */
  readonly label: string;
  /** What was found while sorting, for header.notes. */
  readonly notes: readonly string[];
}

/** Groups files into series, and each series into stacks of like, parallel slices. Stacks come in a stable order. */
export function buildStacks(files: readonly SeriesFile[]): Stack[] {
  const series = new Map<string, SeriesFile[]>();
  for (const file of files) {
    const found = series.get(file.seriesUid);
    if (found) found.push(file);
    else series.set(file.seriesUid, [file]);
  }
  const stacks: Stack[] = [];
  const ordered = [...series].sort(
    ([a, x], [b, y]) =>
      (x[0].seriesNumber ?? 0) - (y[0].seriesNumber ?? 0) || (a < b ? -1 : a > b ? 1 : 0),
  );
  for (const [uid, members] of ordered) stacks.push(...seriesStacks(uid, members));
  return stacks;
}

function seriesStacks(uid: string, files: readonly SeriesFile[]): Stack[] {
  const { kept, notes } = dropRepeatedInstances(files);
  const slices = kept.flatMap((file) => file.frames.map((info, frame) => ({ file, frame, info })));
  const groups: Slice[][] = [];
  for (const slice of slices) {
    const group = groups.find((g) => alike(g[0], slice));
    if (group) group.push(slice);
    else groups.push([slice]);
  }
  const parts = groups.flatMap((group) => splitVolumes(group));
  parts.sort((a, b) => firstOrder(a.volumes) - firstOrder(b.volumes));
  if (parts.length > 1) {
    const shape = groups.length > 1 ? ['size, orientation, spacing or kind'] : [];
    const differs = [...shape, ...new Set(parts.flatMap((part) => part.differs))];
    notes.push(
      `The series holds ${parts.length} stacks of slices that differ in ${differs.join(' and in ')}.`,
    );
  }
  return parts.map((part, n) => ({
    id: parts.length > 1 ? `${uid}#${n + 1}` : uid,
    uid,
    volumes: inOrderOfFile(part.volumes),
    label: part.label,
    localizer: part.volumes[0][0].info.localizer,
    notes: [...notes, ...part.notes],
  }));
}

/** Frames that one file holds in order against their normal stay as they are, as with ITK. */
function inOrderOfFile(volumes: readonly (readonly Slice[])[]): readonly (readonly Slice[])[] {
  const backwards = volumes.every(
    (v) =>
      v.length > 1 &&
      v.every((s, k) => k === 0 || (s.file === v[k - 1].file && s.frame < v[k - 1].frame)),
  );
  return backwards ? volumes.map((v) => [...v].reverse()) : volumes;
}

function firstOrder(volumes: readonly (readonly Slice[])[]): number {
  return Math.min(
    ...volumes.map((v) => v.reduce((low, s) => Math.min(low, s.info.order), Infinity)),
  );
}

function dropRepeatedInstances(files: readonly SeriesFile[]): {
  kept: SeriesFile[];
  notes: string[];
} {
  const seen = new Set<string>();
  const kept = files.filter(({ instanceUid }) => {
    if (instanceUid === undefined) return true;
    if (seen.has(instanceUid)) return false;
    seen.add(instanceUid);
    return true;
  });
  const dropped = files.length - kept.length;
  return {
    kept,
    notes:
      dropped > 0
        ? [
            `${dropped} ${dropped === 1 ? 'file repeats' : 'files repeat'} an image that another file holds (same SOP instance UID); the first one was used.`,
          ]
        : [],
  };
}

/** Cosines closer than this belong to one orientation; scanners round them to five digits or fewer. */
const PARALLEL = 5e-3;

function alike(a: Slice, b: Slice): boolean {
  const [x, y] = [a.file.image, b.file.image];
  return (
    x.rows === y.rows &&
    x.columns === y.columns &&
    x.samples === y.samples &&
    (x.photometric === 'PALETTE COLOR') === (y.photometric === 'PALETTE COLOR') &&
    a.info.localizer === b.info.localizer &&
    (a.info.position === undefined) === (b.info.position === undefined) &&
    close(a.info.orientation, b.info.orientation, () => PARALLEL) &&
    close(a.info.spacing, b.info.spacing, (v) => 1e-3 * v)
  );
}

function close(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
  tolerance: (v: number) => number,
): boolean {
  if (!a || !b) return a === b;
  return a.every((v, n) => Math.abs(v - b[n]) <= tolerance(Math.abs(v)));
}
