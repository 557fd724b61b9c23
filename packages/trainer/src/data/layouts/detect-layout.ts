import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, readJson } from '../read-json.js';
import type { LayoutName } from './api.js';
import { areCaseFolders } from './case-folders.js';
import { listNames } from './list-files.js';
import { isPathTable } from './table.js';

/** A layout, and the file or folder that its reader takes. */
export interface FoundLayout {
  readonly layout: LayoutName;
  readonly path: string;
}

/**
 * Finds out how a dataset lies on disk. What says so by a file of its own (a json, a table, dataset_description.json) is believed;
 * then folders of cases with labels; everything else is 'folders'.
 *
 * @param isSure - Take a layout only where a json or the path itself says so, since folders of volumes may look like anything.
 * @throws TrainerError 'bad-data' for a json that is none, or none of a dataset.
 */
export async function detectLayout(path: string, isSure = false): Promise<FoundLayout> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isDirectory()) {
    if (/\.json$/i.test(path)) {
      return { layout: (await layoutOfJson(path)) ?? 'monai', path };
    }
    return { layout: /\.(csv|tsv|txt)$/i.test(path) ? 'csv' : 'folders', path };
  }
  const { files, folders } = await listNames(path);
  if (files.includes('dataset.json')) {
    const layout = await layoutOfJson(join(path, 'dataset.json'));
    if (layout) return { layout, path: layout === 'monai' ? join(path, 'dataset.json') : path };
  }
  if (isSure) return { layout: 'folders', path };
  if (files.includes('dataset_description.json') || folders.some((name) => /^sub-/.test(name))) {
    return { layout: 'bids', path };
  }
  for (const name of files.filter((one) => /\.json$/i.test(one))) {
    const file = join(path, name);
    if ((await layoutOfJson(file).catch(() => undefined)) === 'monai') {
      return { layout: 'monai', path: file };
    }
  }
  const tables = files.filter((name) => /\.(csv|tsv)$/i.test(name));
  if (tables.length === 1 && (await isPathTable(join(path, tables[0])))) {
    return { layout: 'csv', path: join(path, tables[0]) };
  }
  if (await hasNumberedChannels(path)) return { layout: 'nnunet', path };
  if (!splitFolders(folders) && (await areCaseFolders(path)))
    return { layout: 'case-folders', path };
  return { layout: 'folders', path };
}

/** Which kind of dataset a json describes; undefined when it describes none. */
async function layoutOfJson(file: string): Promise<LayoutName | undefined> {
  const json = await readJson(file);
  if (Array.isArray(json)) return 'monai';
  if (!isObject(json)) return undefined;
  if ('channel_names' in json || 'file_ending' in json) return 'nnunet';
  if (Array.isArray(json.training)) return 'modality' in json ? 'decathlon' : 'monai';
  return ['train', 'validation', 'testing'].some((key) => Array.isArray(json[key]))
    ? 'monai'
    : undefined;
}

/** Whether files are called `CASE_0000`, `CASE_0001`, …, more than one number among them. */
async function hasNumberedChannels(path: string): Promise<boolean> {
  const folder = (await listNames(join(path, 'imagesTr'))).files;
  const names = folder.length > 0 ? folder : (await listNames(path)).files;
  const numbers = names.map(
    (name) => /_(\d{4})\.(?:nii|nrrd|mha|mhd|npy)(?:\.gz)?$/i.exec(name)?.[1],
  );
  return new Set(numbers).size > 1 && numbers.every((number) => number !== undefined);
}

const IMAGES = /^images?(tr)?$/i;
const LABELS = /^(labels?|masks?|segmentations?)(tr)?$/i;

/** The folders of images and labels in a dataset's folder. */
export function splitFolders(
  folders: readonly string[],
): { readonly images: string; readonly labels: string } | undefined {
  const images = folders.find((name) => IMAGES.test(name));
  const labels = folders.find((name) => LABELS.test(name));
  return images !== undefined && labels !== undefined ? { images, labels } : undefined;
}
