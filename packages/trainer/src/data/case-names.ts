import { basename, relative, resolve, sep } from 'node:path';
import type { BrokenEntry, VolumeEntry } from '@genesis/volume-io';

/** What a volume of a dataset is called. */
export interface CaseName {
  /** Its path below the data folder with '/' and without extension; unique. Outputs mirror it. */
  readonly key: string;
  /** The last part of the key where these are unique in the dataset, else the key. */
  readonly name: string;
}

const EXTENSION = /\.(nii|hdr|img|mha|mhd|nrrd|nhdr|npy|npz|dcm|ima|zip)$/i;

/** 'scans/case7.nii.gz' → 'scans/case7', in the composed form of Unicode, so that names from all systems compare equal. */
export function withoutExtension(path: string): string {
  return path.replaceAll('\\', '/').normalize('NFC').replace(/\.gz$/i, '').replace(EXTENSION, '');
}

/**
 * Names the volumes found under `root`: a file by its path, a DICOM series by its folder, and by its description too where a
 * folder holds several. What is still called alike gets a number.
 */
export function nameCases(
  root: string,
  entries: readonly (VolumeEntry | BrokenEntry)[],
): CaseName[] {
  const places = entries.map((entry) => placeOf(root, entry));
  const keys = numbered(
    places.map((place, n) => {
      const { series, name } = entries[n];
      const shares = series !== undefined && places.filter((other) => other === place).length > 1;
      const detail = shares ? cleanWord(name) : '';
      return [place, detail].filter((part) => part !== '').join('/');
    }),
  );
  const files = entries.map((entry, n) =>
    entry.series === undefined ? lastPart(keys[n]) : keys[n],
  );
  const isUnique = new Set(files).size === files.length;
  return keys.map((key, n) => ({ key, name: isUnique ? files[n] : key }));
}

function placeOf(root: string, entry: VolumeEntry | BrokenEntry): string {
  const below = relative(resolve(root), resolve(entry.path)).split(sep).join('/');
  // A single file, or a folder that is itself a series.
  if (below === '') {
    return isFile(entry)
      ? withoutExtension(basename(entry.path))
      : basename(resolve(entry.path)).normalize('NFC');
  }
  return isFile(entry) ? withoutExtension(below) : below.normalize('NFC');
}

/** Whether the path of an entry is that of a file: a DICOM series may be one, or lie in an archive. */
function isFile({ series, files, path }: VolumeEntry | BrokenEntry): boolean {
  return series === undefined || files === undefined || /\.zip$/i.test(path);
}

const lastPart = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

/** A description as a part of a path. */
function cleanWord(text: string): string {
  return text
    .normalize('NFC')
    .trim()
    .replace(/[\\/:*?"<>|\s]+/g, '_');
}

/** Texts made different by a number after those that stand there before. */
function numbered(texts: readonly string[]): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    let one = text;
    for (let n = 2; taken.has(one); n++) one = `${text}_${n}`;
    taken.add(one);
    return one;
  });
}
