import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { isGenesisError } from '@genesis/core';
import {
  type BrokenEntry,
  listVolumes,
  type Volume,
  type VolumeEntry,
  type VolumeHandle,
  type VolumeHeader,
} from '@genesis/volume-io';
import { TrainerError } from '../errors.js';
import { plural } from '../plural.js';
import { type CaseName, nameCases } from './case-names.js';
import { isLabelKey } from './label-names.js';
import { withoutPath } from './without-path.js';

/** A volume on disk that has been found usable as far as its header tells. */
export interface DatasetItem extends CaseName {
  /** A file, or the folder of a DICOM series. */
  readonly path: string;
  /** Which volume of a 4-D file. */
  readonly volumeIndex?: number;
  readonly header: VolumeHeader;
  /** Opens it for the reading of voxels, without reading its header again. The handle is the caller's to close. */
  readonly open: () => VolumeHandle;
  /** The same for items that belong together, as the volumes of one file and the series of one DICOM patient. */
  readonly group: string;
  /**
   * The volumes of its channels, where it has several, in their order; undefined for one that is missing. The item itself is the
   * first that is there.
   */
  readonly channels?: readonly (DatasetItem | undefined)[];
  /** Of a label map that lies in a file for each class: the masks and the labels that their voxels get, later ones on top. */
  readonly masks?: readonly { readonly item: DatasetItem; readonly value: number }[];
}

/** The volumes of a folder. */
export interface Dataset {
  readonly items: readonly DatasetItem[];
  /** What was left out, by the key that it would have had. */
  readonly leftOut: readonly {
    readonly key: string;
    readonly path: string;
    readonly reason: string;
  }[];
}

export interface ListDatasetOpts {
  /** What the volumes are: label maps that lie beside images are not images, and the other way round. */
  readonly role: 'image' | 'label';
  /** Refuse what cannot be used, instead of leaving it out with a warning. Default false. */
  readonly strict?: boolean;
  /** A folder inside that is not looked into, because results are written there. */
  readonly exclude?: string;
  /** Told what was left out, and what the reader noted. */
  readonly onWarning?: (text: string) => void;
}

/** Warnings of one kind that are told one by one; the rest is counted. */
const TOLD = 10;

/**
 * Finds the volumes in a folder (or the one in a file) and reads their headers; a 4-D file gives one item for each of
 * its volumes. Sorted by path. What cannot be used (broken files, 2-D images, colours) is left out and named.
 *
 * @throws VolumeIoError when `path` does not exist, TrainerError 'no-data' when nothing there can be used, 'bad-data' with
 *   `strict` for the first thing that cannot be.
 */
export async function listDataset(path: string, opts: ListDatasetOpts): Promise<Dataset> {
  const warn = opts.onWarning ?? (() => undefined);
  const isFile = (await stat(path).catch(() => undefined))?.isFile() ?? false;
  const { exclude } = opts;
  const results = exclude !== undefined && isBelow(exclude, path) ? exclude : undefined;
  const leftOut: { key: string; path: string; reason: string }[] = [];
  const entries: VolumeEntry[] = [];
  const onNote = (note: string): void => warn(`${path}: ${note}`);
  for (const entry of await listVolumes(path, { broken: true, onNote })) {
    if (results !== undefined && isBelow(entry.path, results)) continue;
    const reason = whyUnusable(entry);
    if (reason === undefined) {
      entries.push(entry as VolumeEntry);
      continue;
    }
    if (isFile || opts.strict) {
      throw new TrainerError('bad-data', `${entry.path}: ${reason}`, { file: entry.path });
    }
    leftOut.push({ key: nameCases(path, [entry])[0].key, path: entry.path, reason });
  }
  tellLeftOut(path, leftOut, entries.length, warn);
  const names = nameCases(path, entries);
  const patients = dicomPatients(entries.map(({ header }) => header));
  const items = entries.flatMap((entry, n) => expand(entry, names[n], patients[n]));
  const chosen = isFile ? items : ofRole(items, opts.role, warn);
  tellNotes(chosen, warn);
  if (chosen.length > 0) return { items: chosen, leftOut };
  const [first] = leftOut;
  throw new TrainerError(
    'no-data',
    first
      ? `${path}: there is no volume that can be used; ${first.path}: ${first.reason}`
      : `${path}: there is no volume that can be read`,
    { file: path },
  );
}

/**
 * Reads a volume of a dataset as float32.
 *
 * @param nonFinite - What to do with NaN and infinities.
 * @throws TrainerError 'bad-data' that says what can be done about them, VolumeIoError.
 */
export async function readItem(
  item: DatasetItem,
  nonFinite: 'error' | 'zero',
): Promise<Volume<Float32Array>> {
  try {
    return await withItem(item, (handle) =>
      handle.read({ dtype: 'float32', nonFinite, volumeIndex: item.volumeIndex }),
    );
  } catch (cause) {
    if (!isGenesisError(cause, 'non-finite')) throw cause;
    throw new TrainerError('bad-data', `${cause.message}; --non-finite zero takes them as 0`, {
      file: item.path,
      cause,
    });
  }
}

/**
 * Reads the channels of an image as float32, in their order; undefined for one that is missing. One alone where the image has no
 * others.
 *
 * @throws as readItem.
 */
export function readChannels(
  item: DatasetItem,
  nonFinite: 'error' | 'zero',
): Promise<(Volume<Float32Array> | undefined)[]> {
  const channels = item.channels ?? [item];
  return Promise.all(channels.map(async (one) => one && readItem(one, nonFinite)));
}

/** The files that an item consists of: channels, masks, or itself alone. */
export function partsOf(item: DatasetItem): DatasetItem[] {
  if (item.masks) return item.masks.map((mask) => mask.item);
  return (item.channels ?? [item]).filter((part) => part !== undefined);
}

/** Opens a volume of a dataset for `work`, and closes it whatever comes of it. */
export async function withItem<R>(
  item: DatasetItem,
  work: (handle: VolumeHandle) => Promise<R>,
): Promise<R> {
  const handle = item.open();
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** The reason why a volume is none that a network can take; undefined when it is one. */
export function whyUnusable(entry: VolumeEntry | BrokenEntry): string | undefined {
  if (entry.error !== undefined) return withoutPath(entry.error, entry.path);
  const { components, shape } = entry.header;
  if (components > 1) {
    return `its voxels hold ${components} values each, but one is needed; convert it with genesis convert --component`;
  }
  return shape.some((side) => side === 1)
    ? `it is a 2-D image (${shape.join('×')}), but volumes are needed`
    : undefined;
}

/** Names what was left out, and counts it. */
export function tellLeftOut(
  path: string,
  leftOut: Dataset['leftOut'],
  used: number,
  warn: (text: string) => void,
): void {
  if (leftOut.length === 0) return;
  for (const one of leftOut.slice(0, TOLD)) warn(`left out ${one.path}: ${one.reason}`);
  const total = leftOut.length + used;
  const rest = leftOut.length > TOLD ? `, ${leftOut.length - TOLD} of them not named here` : '';
  warn(`${leftOut.length} of ${total} volumes in ${path} are left out${rest}`);
}

/** Says each note of the reader once, with the volumes that have it. */
export function tellNotes(items: readonly DatasetItem[], warn: (text: string) => void): void {
  const volumes = new Map<string, Set<string>>();
  for (const { header, name } of items) {
    for (const note of header.notes) {
      volumes.set(note, (volumes.get(note) ?? new Set()).add(name.replace(/\[\d+\]$/, '')));
    }
  }
  const notes = [...volumes];
  for (const [note, names] of notes.slice(0, TOLD)) {
    const [first, ...others] = names;
    warn(`${first}${others.length > 0 ? ` and ${others.length} more` : ''}: ${note}`);
  }
  if (notes.length > TOLD)
    warn(`${plural(notes.length - TOLD, 'more note')} about volumes: see run.json`);
}

/** Label maps among images are left out, and images among label maps, where both are there. */
function ofRole(
  items: readonly DatasetItem[],
  role: 'image' | 'label',
  warn: (text: string) => void,
): DatasetItem[] {
  const labels = items.filter(({ key }) => isLabelKey(key));
  if (labels.length === 0 || labels.length === items.length) return [...items];
  if (role === 'label') return labels;
  const example = `${labels[0].key}${labels.length > 1 ? ', …' : ''}`;
  warn(
    `${labels.length} of ${items.length} volumes are label maps by their names (${example}) and are not taken for images`,
  );
  return items.filter(({ key }) => !isLabelKey(key));
}

/** The DICOM patient of each volume, where the dataset tells patients apart; anonymized ones are often called alike. */
export function dicomPatients(headers: readonly VolumeHeader[]): (string | undefined)[] {
  const ids = headers.map(({ format, fields }) => {
    const id = fields.PatientID;
    return format === 'dicom' && typeof id === 'string' && id !== '' ? id : undefined;
  });
  return new Set(ids.filter((id) => id !== undefined)).size > 1 ? ids : ids.map(() => undefined);
}

function expand(
  { path, header, open }: VolumeEntry,
  names: CaseName,
  patient: string | undefined,
): DatasetItem[] {
  const group = patient === undefined ? names.key : `patient ${patient}`;
  const item = { ...names, path, header, group, open };
  if (header.volumes === 1) return [item];
  return Array.from({ length: header.volumes }, (_, volumeIndex) => ({
    ...item,
    key: `${names.key}[${volumeIndex}]`,
    name: `${names.name}[${volumeIndex}]`,
    volumeIndex,
  }));
}

/** Whether a path lies inside a folder. */
function isBelow(path: string, folder: string): boolean {
  const [inner, outer] = [resolve(path), resolve(folder)];
  return inner.startsWith(`${outer}${sep}`);
}
