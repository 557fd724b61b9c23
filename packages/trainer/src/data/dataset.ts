import { basename } from 'node:path';
import { isGenesisError } from '@genesis/core';
import {
  listVolumes,
  type Volume,
  type VolumeEntry,
  type VolumeHandle,
  type VolumeHeader,
  VolumeIoError,
} from '@genesis/volume-io';
import { TrainerError } from '../errors.js';

/** A volume on disk that has been found usable as far as its header tells. */
export interface DatasetItem {
  readonly path: string;
  /** Unique in the dataset: the file's name without extension, a number for volumes of one 4-D file. */
  readonly name: string;
  /** Which volume of a 4-D file. */
  readonly volumeIndex?: number;
  readonly header: VolumeHeader;
  /** Opens it for the reading of voxels, without reading its header again. The handle is the caller's to close. */
  readonly open: () => VolumeHandle;
}

/**
 * Finds the volumes in a folder (or the one in a file) and reads their headers; a 4-D file gives one item for each of
 * its volumes. Sorted by path.
 *
 * @throws VolumeIoError when `path` does not exist or a file in it is broken, TrainerError 'no-data' when there is no
 *   volume, 'bad-data' for a 2-D image or colour voxels.
 */
export async function listDataset(path: string): Promise<DatasetItem[]> {
  const entries = await listVolumes(path, { broken: true });
  const items: DatasetItem[] = [];
  for (const entry of entries) {
    if (entry.error !== undefined) {
      throw new TrainerError('bad-data', `${entry.path}: ${withoutPath(entry.error, entry.path)}`, {
        file: entry.path,
      });
    }
    check(entry);
    items.push(...expand(entry));
  }
  if (items.length === 0) {
    throw new TrainerError('no-data', `${path}: there is no volume that can be read`, {
      file: path,
    });
  }
  return items;
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

function check({ path, header }: VolumeEntry): void {
  if (header.components > 1) {
    throw new VolumeIoError(
      'component-required',
      `its voxels hold ${header.components} values each, but one is needed; convert it with genesis convert --component`,
      { file: path },
    );
  }
  if (header.shape.some((side) => side === 1)) {
    throw new VolumeIoError(
      'not-3d',
      `it is a 2-D image (${header.shape.join('×')}), but volumes are needed`,
      { file: path },
    );
  }
}

function expand({ path, name, header, open }: VolumeEntry): DatasetItem[] {
  const item = { path, name, header, open };
  if (header.volumes === 1) return [item];
  return Array.from({ length: header.volumes }, (_, volumeIndex) => ({
    ...item,
    name: `${name}[${volumeIndex}]`,
    volumeIndex,
  }));
}

/** A message without the file name at its beginning, which may be written in another way than ours. */
function withoutPath(message: string, path: string): string {
  const end = message.indexOf(`${basename(path)}: `);
  return end < 0 ? message : message.slice(end + basename(path).length + 2);
}
