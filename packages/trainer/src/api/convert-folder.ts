import { join, resolve, sep } from 'node:path';
import { type BrokenEntry, listVolumes, type Volume, type VolumeEntry } from '@genesis/volume-io';
import { nameCases } from '../data/case-names.js';
import { checkOutputs } from '../data/check-outputs.js';
import { chooseEntries } from '../data/choose-entry.js';
import { makeFolders, outputName } from '../data/output-paths.js';
import { writeOutput } from '../data/write-output.js';
import { TrainerError } from '../errors.js';
import { forEachCase } from '../tasks/common/for-each-case.js';
import type { CaseProgress } from '../tasks/common/task.js';
import { type ConvertVoxelsOpts, readChanged } from './convert.js';
import { imagesOf, type OlderNames } from './images-opt.js';

/** Formats of {@link convertFolder}, by their extension. */
export type ConvertFormat = 'nii.gz' | 'nii' | 'mha' | 'nrrd' | 'npy';

/** Options of {@link convertFolder}. */
export interface ConvertFolderOpts extends ConvertVoxelsOpts {
  /** A folder with any number of volumes and DICOM series in it and below, or one volume. */
  readonly images: string;
  /** The folder to write into: the tree of `images` is mirrored. What was written there before is replaced. */
  readonly out: string;
  /** Default 'nii.gz'. */
  readonly format?: ConvertFormat;
  /** Convert these alone: a number in the list of `info`, a UID, a description, or the name of a case. */
  readonly series?: string | number;
  /** Stop at a volume that cannot be converted, instead of leaving it out with a warning. Default false. */
  readonly strict?: boolean;
  /** Told what was left out, what was found about links and folders, and what was noted about a volume. */
  readonly onWarning?: (text: string) => void;
  /** Called after each volume. */
  readonly onCase?: (progress: ConvertProgress) => void;
}

/** A volume of a folder has been dealt with. */
export interface ConvertProgress extends CaseProgress {
  /** What was written; missing where it was left out. */
  readonly volume?: Volume;
}

/** A volume that was written. */
export interface Conversion {
  /** Of the case. */
  readonly name: string;
  /** The file, or the folder of a DICOM series. */
  readonly input: string;
  /** The file written. */
  readonly path: string;
}

interface Item {
  readonly name: string;
  readonly entry: VolumeEntry | BrokenEntry;
  readonly volumeIndex?: number;
  readonly path: string;
}

/**
 * Writes every volume and DICOM series of a folder in another format, geometry kept, each under the name of its case; each volume of a
 * 4-D file by itself. What cannot be converted is left out, named and counted.
 *
 * @throws VolumeIoError when `images` does not exist, TrainerError 'no-data' when nothing there is a volume, 'bad-argument' when an input
 *   would be replaced; with `strict`, or where nothing can be converted, what is wrong with the first volume.
 */
export async function convertFolder(opts: OlderNames<ConvertFolderOpts>): Promise<Conversion[]> {
  const { out, strict = false, onWarning, onCase } = opts;
  const images = imagesOf(opts);
  const items = await itemsOf(images, opts);
  const outputs = items.map(({ path }) => path);
  await checkOutputs({ inputs: [images], outputs, folder: out, overwrite: true });
  await makeFolders([join(out, 'any')]);
  const done: Conversion[] = [];
  let written: Volume | undefined;
  const how = {
    strict,
    onWarning,
    onCase: (progress: CaseProgress) => {
      onCase?.({ ...progress, volume: written });
      written = undefined;
    },
  };
  await forEachCase(items, how, async ({ name, entry, volumeIndex, path }) => {
    if (entry.error !== undefined) {
      throw new TrainerError('bad-data', entry.error, { file: entry.path });
    }
    const volume = await readChanged(entry.open(), { ...opts, volumeIndex });
    await makeFolders([path]);
    await writeOutput(path, volume);
    for (const note of volume.header.notes) onWarning?.(`${name}: ${note}`);
    done.push({ name, input: entry.path, path });
    written = volume;
    return path;
  });
  return done;
}

/** What is to be converted, and where to. */
async function itemsOf(images: string, opts: OlderNames<ConvertFolderOpts>): Promise<Item[]> {
  const { out, format = 'nii.gz', series, volumeIndex, onWarning } = opts;
  const onNote = (note: string): void => onWarning?.(`${images}: ${note}`);
  const all = await listVolumes(images, { broken: true, onNote });
  const chosen = new Set(chooseEntries(images, all, series));
  const names = nameCases(images, all);
  const taken = new Set<string>();
  const place = (key: string): string => {
    const name = outputName(key);
    let one = name;
    // Some file systems take names that differ in case alone for one.
    for (let n = 2; taken.has(one.toLowerCase()); n++) one = `${name}_${n}`;
    taken.add(one.toLowerCase());
    return join(out, `${one}.${format}`);
  };
  const items = all.flatMap((entry, n): Item[] => {
    // What was converted before is not converted again.
    if (!chosen.has(entry) || isBelow(entry.path, out, images)) return [];
    const { key, name } = names[n];
    const count = entry.error === undefined ? entry.header.volumes : 1;
    if (count === 1 || volumeIndex !== undefined) {
      return [{ name, entry, volumeIndex, path: place(key) }];
    }
    return Array.from({ length: count }, (_, volume) => ({
      name: `${name}[${volume}]`,
      entry,
      volumeIndex: volume,
      path: place(`${key}[${volume}]`),
    }));
  });
  if (items.length > 0) return items;
  throw new TrainerError('no-data', `${images}: there is no volume that can be read`, {
    file: images,
  });
}

/** Whether a path lies in the folder of outputs, where that is a folder within that of the inputs. */
function isBelow(path: string, out: string, images: string): boolean {
  const [inner, folder, outer] = [path, out, images].map((one) => resolve(one));
  return folder.startsWith(`${outer}${sep}`) && inner.startsWith(`${folder}${sep}`);
}
