import type { ClassReport, DatasetReport, Finding } from '../data/checks/api.js';
import { type CheckCasesOpts, checkCases } from '../data/checks/check-cases.js';
import { compareCases } from '../data/checks/compare-cases.js';
import type { FoundDataset, LayoutName } from '../data/layouts/api.js';
import { findDataset } from '../data/layouts/find-dataset.js';
import { upperMedian } from '../data/order-statistics.js';

/** Options of {@link dataset}. */
export interface DatasetOpts {
  /** Folder of label volumes. Default: the dataset's own. */
  readonly labels?: string;
  /** How the dataset lies on disk. Default 'auto': as it looks. */
  readonly layout?: LayoutName | 'auto';
  /** Read all voxels, not only headers. Default true. */
  readonly voxels?: boolean;
  /** Called after each case. */
  readonly onCase?: CheckCasesOpts['onCase'];
}

const RANK: readonly Finding['severity'][] = ['error', 'warning', 'note'];

/**
 * Says how a dataset was understood, and checks it: whether images, channels and labels lie on one grid, labels, orientations,
 * volumes that are there twice, unusual voxel sizes (more than 1.5 times the median or less) and intensities (more
 * than three interquartile ranges beyond the quartiles). Nothing is changed.
 *
 * @throws TrainerError 'no-data' or 'bad-data' when nothing can be understood; VolumeIoError when the path does not exist.
 */
export async function dataset(path: string, opts: DatasetOpts = {}): Promise<DatasetReport> {
  const { labels, layout, voxels = true, onCase } = opts;
  const found = await findDataset({ images: path, labels, layout });
  const { cases, findings } = await checkCases(found, { voxels, onCase });
  const all = [...findings, ...compareCases(found, cases)];
  return {
    path,
    layout: found.layout,
    channels: found.channels ?? ['image'],
    classes: classReports(found, cases),
    ignoreLabel: found.ignoreLabel,
    cases,
    findings: all.sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity)),
  };
}

function classReports(
  { classes, ignoreLabel }: FoundDataset,
  cases: DatasetReport['cases'],
): ClassReport[] {
  const maps = cases.flatMap(({ label, shape }) =>
    label?.voxels ? [{ voxels: label.voxels, size: shape[0] * shape[1] * shape[2] }] : [],
  );
  const occurring = new Set(maps.flatMap(({ voxels }) => Object.keys(voxels).map(Number)));
  const named =
    classes ??
    [...occurring]
      .filter((value) => value !== ignoreLabel)
      .sort((a, b) => a - b)
      .map((value) => ({ name: value === 0 ? 'background' : `label ${value}`, values: [value] }));
  return named.map(({ name, values }) => {
    const shares = maps
      .map(({ voxels, size }) => values.reduce((sum, v) => sum + (voxels[v] ?? 0), 0) / size)
      .filter((share) => share > 0);
    const share = shares.length > 0 ? upperMedian(shares) : undefined;
    return { name, values, cases: shares.length, share };
  });
}
