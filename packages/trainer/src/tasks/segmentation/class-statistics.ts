import {
  firstVolume,
  gridsDiffer,
  type Image,
  type LabelStatistics,
  labelStatistics,
  type SegmentationCard,
} from '@genesis/inference';
import { reorient, type Volume } from '@genesis/volume-io';
import { channelNames } from '../../channel-names.js';
import { formatCsv } from '../../data/csv.js';
import { foreground } from './class-names.js';

/** What is told of a class in a volume. */
export interface ClassStatistics extends Omit<LabelStatistics, 'intensities'> {
  readonly name: string;
  /** Its value in the label volume. */
  readonly label: number;
  /** By the name of the channel, 'image' where there is one alone; channels that are missing or on another grid have none. */
  readonly intensities: Readonly<
    Record<string, NonNullable<LabelStatistics['intensities'][number]>>
  >;
}

/** The statistics of a case, as `predict` writes them. */
export interface CaseStatistics {
  readonly name: string;
  readonly classes: readonly ClassStatistics[];
}

/**
 * Size, place and intensities of each class of the foreground.
 *
 * @param labels - In the geometry of the image's first channel.
 */
export function classStatistics(
  labels: Volume,
  image: Image,
  card: SegmentationCard,
): ClassStatistics[] {
  const channels = channelsOnGrid(image, card);
  const classes = foreground(card);
  const found = labelStatistics(
    labels,
    channels.map(({ volume }) => volume),
    classes.map(({ value }) => value),
  );
  return found.map(({ intensities, ...rest }, n) => ({
    name: classes[n].name,
    label: classes[n].value,
    ...rest,
    intensities: Object.fromEntries(
      channels.flatMap(({ name }, c) => {
        const one = intensities[c];
        return one ? [[name, one]] : [];
      }),
    ),
  }));
}

/** The channels that lie voxel by voxel on the labels, turned alike, with their names. */
function channelsOnGrid(
  image: Image,
  { preparation }: SegmentationCard,
): readonly { readonly name: string; readonly volume: Volume }[] {
  const first = firstVolume(image);
  const volumes: readonly (Volume | undefined)[] = 'data' in image ? [image] : image;
  const names = channelNames(preparation);
  return volumes.flatMap((volume, n) => {
    if (!volume) return [];
    const difference = gridsDiffer(
      { header: first.header, what: 'the first' },
      { header: volume.header, what: names[n] },
    );
    return difference === undefined
      ? [{ name: names[n], volume: reorient(volume, first.orientation) }]
      : [];
  });
}

const FIGURES = ['mean', 'sd', 'min', 'max'] as const;

/** The statistics of all cases as a table, a row for each case and class; what a class does not have is left empty. */
export function statisticsCsv(
  cases: readonly CaseStatistics[],
  channels: readonly string[],
): string {
  const rows: (string | number)[][] = [
    [
      'name',
      'class',
      'label',
      'voxels',
      'volume_ml',
      ...['x', 'y', 'z'].map((axis) => `centroid_${axis}_mm`),
      ...['i', 'j', 'k'].map((axis) => `first_${axis}`),
      ...['i', 'j', 'k'].map((axis) => `size_${axis}`),
      ...['i', 'j', 'k'].map((axis) => `extent_${axis}_mm`),
      ...channels.flatMap((channel) =>
        FIGURES.map((figure) => (channels.length > 1 ? `${figure}:${channel}` : figure)),
      ),
    ],
  ];
  const three = (values: readonly number[] | undefined): readonly (string | number)[] =>
    values ? values.map(rounded) : ['', '', ''];
  for (const { name, classes } of cases) {
    for (const one of classes) {
      rows.push([
        name,
        one.name,
        one.label,
        one.voxels,
        rounded(one.volume),
        ...three(one.centroid),
        ...three(one.box?.first),
        ...three(one.box?.size),
        ...three(one.box?.extent),
        ...channels.flatMap((channel) =>
          FIGURES.map((figure) => {
            const value = one.intensities[channel]?.[figure];
            return value === undefined ? '' : rounded(value);
          }),
        ),
      ]);
    }
  }
  return formatCsv(rows);
}

const rounded = (value: number): number => Number(value.toPrecision(8));
