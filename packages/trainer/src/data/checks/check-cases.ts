import { isGenesisError } from '@genesis/core';
import type { Volume } from '@genesis/volume-io';
import { type DatasetItem, withItem } from '../dataset.js';
import { channelDifference, gridDifference } from '../grid-difference.js';
import { labelValues } from '../label-values.js';
import type { DatasetCase, FoundDataset } from '../layouts/api.js';
import { readLabel } from '../read-label.js';
import type { CaseReport, ChannelReport, Finding, LabelReport } from './api.js';
import { valueReport } from './value-report.js';

export interface CheckCasesOpts {
  /** Read the voxels, not only the headers. */
  readonly voxels: boolean;
  /** Called after each case. */
  readonly onCase?: (progress: { name: string; done: number; total: number }) => void;
}

/** Looks at each case by itself: what it is, and what is wrong with it. */
export async function checkCases(
  dataset: FoundDataset,
  opts: CheckCasesOpts,
): Promise<{ cases: CaseReport[]; findings: Finding[] }> {
  const findings: Finding[] = [];
  const cases: CaseReport[] = [];
  for (const one of dataset.cases) {
    cases.push(await checkCase(one, dataset, opts, findings));
    const { name } = one.image;
    opts.onCase?.({ name, done: cases.length, total: dataset.cases.length });
  }
  return { cases, findings };
}

async function checkCase(
  { image, label, patient, split, fold }: DatasetCase,
  dataset: FoundDataset,
  { voxels }: CheckCasesOpts,
  findings: Finding[],
): Promise<CaseReport> {
  const { name, header } = image;
  const add = (severity: Finding['severity'], code: Finding['code'], text: string): void =>
    void findings.push({ severity, code, cases: [name], text });
  const items = image.channels ?? [image];
  const names = dataset.channels ?? ['image'];
  for (const [n, item] of items.entries()) {
    if (!item) add('note', 'missing-channel', `${name}: the channel ${names[n]} is missing`);
    else {
      const difference = channelDifference(image, item);
      if (difference) add('error', 'grid', `${name}: ${difference}`);
    }
  }
  const difference = label && gridDifference(image, label);
  if (difference) add('error', 'grid', difference);
  const channels: (ChannelReport | null)[] = [];
  for (const item of items) channels.push(item ? await checkChannel(item, voxels, add) : null);
  return {
    name,
    patient,
    split,
    fold,
    shape: header.shape,
    spacing: header.spacing,
    orientation: header.orientation,
    channels,
    label: label && (await checkLabel(label, dataset, voxels, add)),
  };
}

type Add = (severity: Finding['severity'], code: Finding['code'], text: string) => void;

async function checkChannel(item: DatasetItem, voxels: boolean, add: Add): Promise<ChannelReport> {
  const { path, header } = item;
  const base = { path, dtype: header.dtype };
  if (!voxels) return base;
  const volume = await readable(add, () =>
    withItem(item, (handle) => handle.read({ dtype: 'float32', volumeIndex: item.volumeIndex })),
  );
  if (!volume) return base;
  const values = valueReport(volume);
  if (values.nonFinite > 0) {
    add('error', 'non-finite', `${path} has ${values.nonFinite} voxels that are NaN or infinite`);
  }
  if (values.min === values.max) {
    add('warning', 'constant', `${path} holds the value ${values.min} and no other`);
  }
  return { ...base, values };
}

async function checkLabel(
  label: DatasetItem,
  { classes, ignoreLabel }: FoundDataset,
  voxels: boolean,
  add: Add,
): Promise<LabelReport> {
  const { path } = label;
  const volume = voxels ? await readable(add, () => readLabel(label)) : undefined;
  if (!volume) return { path };
  const values = await readable(add, async () => labelValues(volume, path), 'labels');
  if (!values) return { path };
  const known = classes && new Set([...classes.flatMap((one) => one.values), ignoreLabel]);
  const unknown = values.filter((value) => known && !known.has(value));
  if (unknown.length > 0) {
    add(
      'error',
      'labels',
      `${path} holds the labels ${unknown.join(', ')}, which the dataset does not name`,
    );
  }
  if (values.length === 1) {
    add('warning', 'empty-label', `${path} holds the label ${values[0]} and no other`);
  }
  return { path, voxels: countLabels(volume, values) };
}

function countLabels({ data }: Volume, values: readonly number[]): Record<string, number> {
  const counts = new Map(values.map((value) => [value, 0]));
  for (let n = 0; n < data.data.length; n++) {
    const value = data.data[n];
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** What `read` gives; a file that is broken is a finding. */
async function readable<T>(
  add: Add,
  read: () => Promise<T>,
  code: Finding['code'] = 'unreadable',
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isGenesisError(error)) throw error;
    add('error', code, error.message);
    return undefined;
  }
}
