import { basename } from 'node:path';
import {
  listVolumes,
  readHeader,
  readVolume,
  type Volume,
  type VolumeEntry,
  type VolumeHeader,
  VolumeIoError,
} from '@genesis/volume-io';
import { TrainerError } from '../errors.js';

/** A volume on disk that has been found usable as far as its header tells. */
export interface DatasetItem {
  readonly path: string;
  /** Unique in the dataset: the file's name without extension, a number for volumes of one 4-D file. */
  readonly name: string;
  readonly series?: string;
  /** Which volume of a 4-D file. */
  readonly volumeIndex?: number;
  readonly header: VolumeHeader;
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
    const header = await readHeader(entry.path, seriesOf(entry));
    check(entry, header);
    items.push(...expand(entry, header));
  }
  if (items.length === 0) {
    throw new TrainerError('no-data', `${path}: there is no volume that can be read`, {
      file: path,
    });
  }
  return items;
}

/** Reads a volume of a dataset as float32. */
export async function readItem(
  item: DatasetItem,
  nonFinite: 'error' | 'zero',
): Promise<Volume<Float32Array>> {
  const volume = await readVolume(item.path, {
    dtype: 'float32',
    nonFinite,
    series: item.series,
    volumeIndex: item.volumeIndex,
  });
  return volume;
}

function check(entry: VolumeEntry, header: VolumeHeader): void {
  if (header.components > 1) {
    throw new VolumeIoError(
      'component-required',
      `its voxels hold ${header.components} values each, but one is needed; convert it with genesis convert --component`,
      { file: entry.path },
    );
  }
  if (header.shape.some((side) => side === 1)) {
    throw new VolumeIoError(
      'not-3d',
      `it is a 2-D image (${header.shape.join('×')}), but volumes are needed`,
      { file: entry.path },
    );
  }
}

function expand(entry: VolumeEntry, header: VolumeHeader): DatasetItem[] {
  const item = { path: entry.path, header, ...seriesOf(entry) };
  if (header.volumes === 1) return [{ ...item, name: entry.name }];
  return Array.from({ length: header.volumes }, (_, volumeIndex) => ({
    ...item,
    name: `${entry.name}[${volumeIndex}]`,
    volumeIndex,
  }));
}

function seriesOf(entry: VolumeEntry): { series?: string } {
  return entry.series === undefined ? {} : { series: entry.series };
}

/** A message without the file name at its beginning, which may be written in another way than ours. */
function withoutPath(message: string, path: string): string {
  const end = message.indexOf(`${basename(path)}: `);
  return end < 0 ? message : message.slice(end + basename(path).length + 2);
}
