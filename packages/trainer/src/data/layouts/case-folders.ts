import { basename, join, relative } from 'node:path';
import { TrainerError } from '../../errors.js';
import { isLabelKey } from '../label-names.js';
import type { DatasetDescription, DescribedCase, DescribeOpts, LabelRef } from './api.js';
import { foldersBelow, isVolumeName, listNames, stemOf } from './list-files.js';

/** Folders inside a case that hold a mask for each class (TotalSegmentator). */
const MASK_FOLDER = /^(segmentations?|masks?|labels?)$/i;
/** Folders that hold the labels of single annotators or objects (KiTS): the label map beside them says it all. */
const PASSED_OVER = /^(instances|raw|derivatives)$/i;
/** First words of label maps beside images, which the names of images do not begin with. */
const LABEL_START = /^(gold[-_ ]?standard|ground[-_ ]?truth|gt|seg|labels?|mask)[-_. ]/i;
/** How deep cases may lie, as in HGG/CASE. */
const DEPTH = 3;

/** The files of one case. */
interface CaseFolder {
  readonly name: string;
  /** Paths by what their names say beside the case's name. */
  readonly images: ReadonlyMap<string, string>;
  readonly label?: LabelRef;
}

/**
 * A folder for each case with its images and its label map in it, told apart by their names: `imaging` and `segmentation` (KiTS),
 * `CASE_t1`, `CASE_flair` and `CASE_seg` (BraTS), `ct` and a folder `segmentations` with a mask for each class (TotalSegmentator).
 * Names of files that most cases have are the channels.
 *
 * @throws TrainerError 'bad-data'.
 */
export async function describeCaseFolders({ path }: DescribeOpts): Promise<DatasetDescription> {
  const cases: CaseFolder[] = [];
  for (const folder of await foldersBelow(path, DEPTH)) {
    const isInside = relative(path, folder).split(/[\\/]/).some(isMaskFolder);
    const found = folder === path || isInside ? undefined : await readCase(path, folder);
    if (found) cases.push(found);
  }
  if (cases.length === 0) {
    throw new TrainerError('bad-data', `${path} has no folders with volumes in them`, {
      file: path,
    });
  }
  const channels = channelsOf(cases);
  const masks = new Set(cases.flatMap(({ label }) => (label?.masks ?? []).map(({ name }) => name)));
  const classes = [...masks].sort().map((name, n) => ({ name, values: [n + 1] }));
  const background = { name: 'background', values: [0] };
  return {
    layout: 'case-folders',
    channels: channels.length > 0 ? channels : ['image'],
    classes: classes.length > 0 ? [background, ...classes] : undefined,
    cases: cases.flatMap(({ name, images, label }): DescribedCase[] => {
      const paths =
        channels.length > 0 ? channels.map((key) => images.get(key)) : [...images.values()];
      if (paths.every((one) => one === undefined)) return [];
      return [
        { name, images: paths.map((one) => (one === undefined ? one : { path: one })), label },
      ];
    }),
  };
}

const isMaskFolder = (name: string): boolean => MASK_FOLDER.test(name) || PASSED_OVER.test(name);

async function readCase(root: string, folder: string): Promise<CaseFolder | undefined> {
  const { files, folders } = await listNames(folder);
  const volumes = files.filter(isVolumeName);
  if (volumes.length === 0) return undefined;
  const caseName = basename(folder);
  const images = new Map<string, string>();
  let label: LabelRef | undefined;
  for (const name of volumes) {
    const stem = stemOf(name);
    const own = withoutCase(stem, caseName);
    if (isLabelKey(stem) || isLabelKey(own) || LABEL_START.test(own))
      label ??= { path: join(folder, name) };
    else images.set(own, join(folder, name));
  }
  if (images.size === 0) return undefined;
  if (label === undefined) label = await masksOf(folder, folders);
  return { name: relative(root, folder).split(/[\\/]/).join('/'), images, label };
}

/** 'BraTS20_001_t1ce' in the folder 'BraTS20_001' → 't1ce' */
function withoutCase(stem: string, caseName: string): string {
  const rest = stem.startsWith(caseName)
    ? stem.slice(caseName.length).replace(/^[-_. ]+/, '')
    : stem;
  return rest === '' ? 'image' : rest;
}

async function masksOf(folder: string, folders: readonly string[]): Promise<LabelRef | undefined> {
  const name = folders.find((one) => MASK_FOLDER.test(one));
  if (name === undefined) return undefined;
  const place = join(folder, name);
  const masks = (await listNames(place)).files
    .filter(isVolumeName)
    .map((file) => ({ name: stemOf(file), path: join(place, file) }));
  if (masks.length === 0) return undefined;
  return masks.length === 1 && isLabelKey(masks[0].name)
    ? { path: masks[0].path }
    : { path: place, masks };
}

/** Names of files that at least half of the cases have; none where every case has one image, called as it likes. */
function channelsOf(cases: readonly CaseFolder[]): string[] {
  const counts = new Map<string, number>();
  for (const { images } of cases) {
    for (const key of images.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const common = [...counts].filter(([, count]) => 2 * count >= cases.length).map(([key]) => key);
  if (common.length > 0) return common;
  if (cases.every(({ images }) => images.size === 1)) return [];
  throw new TrainerError(
    'bad-data',
    `the files of the cases are called differently in each folder (${[...counts.keys()].slice(0, 4).join(', ')}, …), so that channels cannot be told apart: name them alike, or give a table of paths`,
  );
}

/** Whether most folders right below hold an image with its labels. */
export async function areCaseFolders(path: string): Promise<boolean> {
  const { files, folders } = await listNames(path);
  if (files.some(isVolumeName) || folders.length === 0) return false;
  let labelled = 0;
  const some = folders.slice(0, 20);
  for (const name of some) {
    for (const folder of await foldersBelow(join(path, name), 1)) {
      if (isMaskFolder(basename(folder))) continue;
      if ((await readCase(path, folder))?.label) {
        labelled++;
        break;
      }
    }
  }
  return 2 * labelled >= some.length;
}
