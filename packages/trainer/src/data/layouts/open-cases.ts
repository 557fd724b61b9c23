import { isGenesisError } from '@genesis/core';
import { listVolumes, type VolumeEntry } from '@genesis/volume-io';
import { TrainerError } from '../../errors.js';
import type { Dataset, DatasetItem } from '../dataset.js';
import { dicomPatients, whyUnusable } from '../dataset.js';
import { withoutPath } from '../without-path.js';
import type { DatasetCase, DatasetDescription, DescribedCase, LabelRef, VolumeRef } from './api.js';

export interface OpenCasesOpts {
  /** Refuse what cannot be used, instead of leaving it out. */
  readonly strict?: boolean;
  /** Do not look at labels. */
  readonly withoutLabels?: boolean;
}

/** Cases whose files have been found and whose headers have been read, and those left out. */
export interface OpenedCases {
  readonly cases: readonly DatasetCase[];
  readonly leftOut: Dataset['leftOut'];
}

/** Headers that are read at a time. */
const CONCURRENCY = 8;

/**
 * Reads the headers of the volumes that a description names. A case with a volume that cannot be used is left out.
 *
 * @throws TrainerError 'bad-data' with `strict`.
 */
export async function openCases(
  { cases, channels, classes = [] }: DatasetDescription,
  { strict, withoutLabels }: OpenCasesOpts,
): Promise<OpenedCases> {
  const maskValues = new Map(classes.map(({ name, values }) => [name, values[0]]));
  const opened: (DatasetCase | Dataset['leftOut'][number])[] = [];
  for (let first = 0; first < cases.length; first += CONCURRENCY) {
    const group = cases.slice(first, first + CONCURRENCY);
    opened.push(
      ...(await Promise.all(
        group.map((one) =>
          openCase(withoutLabels ? { ...one, label: undefined } : one, channels, maskValues).catch(
            (error: unknown) => {
              if (strict || !isGenesisError(error)) throw error;
              const path = error.file ?? firstPath(one);
              return { key: one.name, path, reason: withoutPath(error.message, path) };
            },
          ),
        ),
      )),
    );
  }
  const found = opened.filter((one) => 'image' in one);
  return { cases: withDicomPatients(found), leftOut: opened.filter((one) => 'reason' in one) };
}

function firstPath({ images }: DescribedCase): string {
  return images.find((one) => one !== undefined)?.path ?? '';
}

async function openCase(
  one: DescribedCase,
  channels: readonly string[],
  maskValues: ReadonlyMap<string, number>,
): Promise<DatasetCase> {
  const { name, patient, images, label, split, fold } = one;
  const group = patient === undefined ? name : `patient ${patient}`;
  const own = { name, group };
  const items = await Promise.all(
    images.map((ref, n) =>
      ref === undefined
        ? undefined
        : openRef(ref, { ...own, key: images.length === 1 ? name : `${name} ${channels[n]}` }),
    ),
  );
  const first = items.find((item) => item !== undefined);
  if (!first) throw new TrainerError('bad-data', `the case ${name} has no image`);
  return {
    image: items.length === 1 ? first : { ...first, key: name, channels: items },
    label: label && (await openLabel(label, { ...own, key: name }, maskValues)),
    patient,
    split,
    fold,
  };
}

type ItemNames = Pick<DatasetItem, 'key' | 'name' | 'group'>;

/** @throws TrainerError 'bad-data' when it is no volume that can be used, VolumeIoError when it is not there. */
async function openRef({ path, volumeIndex }: VolumeRef, names: ItemNames): Promise<DatasetItem> {
  const entries = await listVolumes(path, { broken: true });
  const [entry] = entries;
  const refuse = (reason: string): TrainerError =>
    new TrainerError('bad-data', `${path}: ${reason}`, { file: path });
  if (entries.length !== 1) {
    throw refuse(`it holds ${entries.length} volumes, but one is needed: name a file or a series`);
  }
  const reason = whyUnusable(entry);
  if (reason !== undefined) throw refuse(reason);
  const { header, open } = entry as VolumeEntry;
  if (volumeIndex === undefined && header.volumes > 1) {
    throw refuse(
      `it holds ${header.volumes} volumes (${header.dims.join('×')}), but one is needed`,
    );
  }
  if (volumeIndex !== undefined && volumeIndex >= header.volumes) {
    throw refuse(
      `it holds ${header.volumes} volumes, but the dataset names ${volumeIndex + 1} channels or more`,
    );
  }
  return {
    ...names,
    path,
    volumeIndex: header.volumes > 1 ? volumeIndex : undefined,
    header,
    open,
  };
}

async function openLabel(
  { path, volumeIndex, masks }: LabelRef,
  names: ItemNames,
  maskValues: ReadonlyMap<string, number>,
): Promise<DatasetItem> {
  if (!masks) return openRef({ path, volumeIndex }, names);
  const items = [];
  for (const mask of masks) {
    const item = await openRef(mask, { ...names, key: `${names.key} ${mask.name}` });
    items.push({ item, value: maskValues.get(mask.name) ?? 1 });
  }
  return { ...items[0].item, key: names.key, masks: items };
}

/** Cases of DICOM series belong to their patients, where the dataset itself names none. */
function withDicomPatients(cases: readonly DatasetCase[]): DatasetCase[] {
  const patients = dicomPatients(cases.map(({ image }) => image.header));
  return cases.map((one, n) => {
    const patient = patients[n];
    if (one.patient !== undefined || patient === undefined) return one;
    return { ...one, patient, image: { ...one.image, group: `patient ${patient}` } };
  });
}
