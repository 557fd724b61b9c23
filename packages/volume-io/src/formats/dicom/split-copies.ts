import type { SeriesFile } from './series-file.js';

/** Files among which there are no copies of folders. */
export interface Copy {
  readonly files: SeriesFile[];
  /** Says where else the same series is. */
  readonly notes: string[];
}

/**
 * Tells copies of a series in several folders apart, so that each can be listed: its files are divided at the shallowest
 * depth at which no folder holds the same images twice in folders below. Patients in folders of their own whose series have one
 * identifier, as after a careless anonymization, are told apart too. Series that are there once, whatever folders they lie in, come first
 * and together.
 */
export function splitCopies(files: readonly SeriesFile[]): Copy[] {
  const series = new Map<string, SeriesFile[]>();
  for (const file of files) {
    const found = series.get(file.seriesUid);
    if (found) found.push(file);
    else series.set(file.seriesUid, [file]);
  }
  const single: SeriesFile[] = [];
  const copies: Copy[] = [];
  for (const members of series.values()) {
    const patients = patientsApart(members);
    for (const files of patients) {
      const folders = foldersWithout(files);
      if (folders.size > 1) copies.push(...withNotes(folders));
      else if (patients.length === 1) single.push(...files);
      else copies.push({ files, notes: [OTHER_PATIENTS] });
    }
  }
  return single.length > 0 ? [{ files: single, notes: [] }, ...copies] : copies;
}

const OTHER_PATIENTS = 'Images of other patients have the same series instance UID.';

/** The files of each patient, where no folder holds those of several; else all together. */
function patientsApart(files: readonly SeriesFile[]): SeriesFile[][] {
  const patients = new Map<unknown, SeriesFile[]>();
  const owners = new Map<string, unknown>();
  for (const file of files) {
    const patient = file.fields.PatientID;
    const folder = file.name.slice(0, Math.max(0, file.name.lastIndexOf('/')));
    if (owners.has(folder) && owners.get(folder) !== patient) return [[...files]];
    owners.set(folder, patient);
    const found = patients.get(patient);
    if (found) found.push(file);
    else patients.set(patient, [file]);
  }
  return [...patients.values()];
}

/** The files of a series by folders that hold no copies, all cut at the same depth. */
function foldersWithout(files: readonly SeriesFile[]): Map<string, SeriesFile[]> {
  const deepest = Math.max(...files.map(({ name }) => name.split('/').length - 1));
  for (let depth = 0; ; depth++) {
    const folders = new Map<string, SeriesFile[]>();
    for (const file of files) {
      const folder = file.name.split('/').slice(0, -1).slice(0, depth).join('/');
      const found = folders.get(folder);
      if (found) found.push(file);
      else folders.set(folder, [file]);
    }
    if (depth >= deepest || !someRepeats(folders)) return folders;
  }
}

/** Folders that have this part of the smaller one's images in common are copies; fewer are duplicates at their edges. */
const MOSTLY = 0.5;

/** Do two of the folders below one of these hold mostly the same images? Twice in one folder is a duplicate. */
function someRepeats(folders: ReadonlyMap<string, readonly SeriesFile[]>): boolean {
  return [...folders.values()].some((files) => {
    const places = new Map<string, Set<string>>();
    for (const { name, instanceUid } of files) {
      const place = name.slice(0, Math.max(0, name.lastIndexOf('/')));
      const images = places.get(place) ?? new Set();
      places.set(place, images.add(instanceUid ?? name));
    }
    const all = [...places.values()];
    const total = new Set(all.flatMap((images) => [...images])).size;
    const count = all.reduce((sum, images) => sum + images.size, 0);
    return total < count && all.some((a, n) => all.slice(n + 1).some((b) => areCopies(a, b)));
  });
}

function areCopies(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const image of few) if (many.has(image)) shared++;
  return shared >= MOSTLY * few.size;
}

/** Folders that a note lists. */
const MOST_NAMED = 5;

function withNotes(folders: ReadonlyMap<string, SeriesFile[]>): Copy[] {
  return [...folders].map(([folder, files]) => {
    const others = [...folders.keys()].filter((other) => other !== folder);
    const some = others.slice(0, MOST_NAMED).map((other) => JSON.stringify(other || '.'));
    const more = others.length > MOST_NAMED ? ', …' : '';
    return {
      files,
      notes: [
        `Images of the same series are in ${others.length} other ${others.length === 1 ? 'folder' : 'folders'} too: ${some.join(', ')}${more}.`,
      ],
    };
  });
}
