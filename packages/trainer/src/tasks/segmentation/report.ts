import type { SegmentationCard } from '@genesis/inference';
import type { NdArray } from 'ndarray';
import { plural } from '../../plural.js';
import type { ReportData, SampleFigure } from '../../report/api.js';
import { configTable } from '../../report/config-table.js';
import { lossCurves, validationCurves } from '../../report/curves.js';
import { duration } from '../../report/duration.js';
import { shownIntensities } from '../../report/shown-intensities.js';
import { fullestSlice, graySlice, outlinedSlice, type SliceAxis } from '../../report/slices.js';
import { shortNumber } from '../../report/ticks.js';
import { transferTable } from '../../report/transfer-table.js';
import { type MetricsRecord, sortRecords } from '../../run/metrics.js';
import type { TransferReport } from '../../run/run-info.js';
import { augmentedSection } from '../common/augmentation/augmented-section.js';
import { threeDigits } from '../common/score-text.js';
import type { TrainingExample } from './data.js';
import type { SegmentedSample } from './evaluation.js';
import type { SegmentationConfig } from './options.js';

/** Validation samples that a page shows. */
export const SHOWN = 6;

/** Training crops that it shows. */
export const SHOWN_EXAMPLES = 4;

export interface SegmentationReportOpts {
  readonly records: readonly MetricsRecord[];
  readonly config: SegmentationConfig;
  readonly info: SegmentationCard;
  readonly samples: readonly SegmentedSample[];
  /** Training crops, as they are and as they were varied. */
  readonly examples: readonly TrainingExample[];
  /** Names of the volumes by their number. */
  readonly names: readonly string[];
  readonly transfer: TransferReport | undefined;
}

/** A page with loss and Dice curves and validation crops with outlines: truth and prediction. */
export function segmentationReport(opts: SegmentationReportOpts): ReportData {
  const { info, samples, examples, names } = opts;
  const gray = (volume: NdArray<Float32Array>): NdArray<Float32Array> =>
    shownIntensities(volume, info.preparation.normalization);
  const { steps, epochs } = sortRecords(opts.records);
  const last = epochs.at(-1);
  const best = epochs.findLast((epoch) => epoch.best);
  const foreground = info.classes.slice(1);
  const cards = [
    {
      value: threeDigits(best?.validation.dice),
      label: 'validation Dice (best epoch)',
    },
    ...foreground.slice(0, 3).map(({ name }) => ({
      value: threeDigits(best?.validation[`dice:${name}`]),
      label: `Dice, ${name}`,
    })),
    {
      value: String(last?.epoch ?? 0),
      label: `${last?.epoch === 1 ? 'epoch' : 'epochs'}, ${plural(last?.step ?? 0, 'step')}`,
    },
    { value: last ? duration(last.seconds) : '–', label: 'training time' },
  ];
  const shown = foreground.map(({ name }) => ({ key: `dice:${name}`, name })).slice(0, 3);
  return {
    title: 'Fine-tuning: segmentation',
    lead: `${info.classes.length} classes, crops of ${info.crop.join(' × ')} voxels, start: ${opts.config.init}.`,
    cards,
    sections: [
      {
        title: 'Loss',
        blocks: [
          lossCurves({ steps, epochs, lossName: opts.config.loss ?? 'dice', logarithmic: false }),
        ],
      },
      { title: 'Dice', blocks: [validationCurves(epochs, 'validation Dice', shown)] },
      {
        title: 'Validation crops',
        blocks: [
          {
            kind: 'samples',
            samples: samples.map((one) => figure({ ...one, image: gray(one.image) }, names)),
          },
        ],
      },
      ...augmentedSection(
        examples.map(({ volume, source, image, classes }) => ({
          name: names[volume],
          source: gray(source),
          image: gray(image),
          classes,
        })),
      ),
      { title: 'Start', blocks: [transferTable(opts.transfer)] },
      { title: 'Options', blocks: [configTable(opts.config)] },
    ],
  };
}

function figure(
  { volume, image, classes, found }: SegmentedSample,
  names: readonly string[],
): SampleFigure {
  const rows = ([2, 0] as SliceAxis[]).map((axis) => {
    const index = fullestSlice(classes, axis);
    return {
      name: axis === 2 ? 'axial' : 'sagittal',
      slices: [
        graySlice(image, axis, index),
        outlinedSlice(image, classes, axis, index),
        outlinedSlice(image, found, axis, index),
      ],
    };
  });
  return {
    title: names[volume],
    note: `foreground Dice ${shortNumber(agreement(classes.data, found.data))}`,
    columns: ['image', 'truth', 'prediction'],
    rows,
  };
}

/** Dice of labelled against not labelled, all classes together. */
function agreement(a: Uint8Array, b: Uint8Array): number {
  let [both, total] = [0, 0];
  for (let n = 0; n < a.length; n++) {
    if (a[n] > 0 && a[n] === b[n]) both += 2;
    total += (a[n] > 0 ? 1 : 0) + (b[n] > 0 ? 1 : 0);
  }
  return total === 0 ? 1 : both / total;
}
