import type { LabelHead } from '@genesis/inference';
import { plural } from '../../plural.js';
import type { ReportData, SampleFigure } from '../../report/api.js';
import { configTable } from '../../report/config-table.js';
import { lossCurves, validationCurves } from '../../report/curves.js';
import { duration } from '../../report/duration.js';
import { graySlice, type SliceAxis } from '../../report/slices.js';
import { shortNumber } from '../../report/ticks.js';
import { type MetricsRecord, sortRecords } from '../../run/metrics.js';
import type { SplitNames } from '../../run/run-info.js';
import { accuracyOf, type ToldSample } from './label-evaluation.js';
import type { PretrainConfig } from './options.js';
import { splitFacts } from './report.js';

/** Validation samples that a page shows. */
const SHOWN = 8;

export interface LabelReportOpts {
  readonly records: readonly MetricsRecord[];
  readonly config: PretrainConfig;
  readonly split: SplitNames;
  readonly heads: readonly LabelHead[];
  readonly samples: readonly ToldSample[];
}

/** A page with the curves of loss and accuracy, and validation crops with what was done to them and what the network says. */
export function labelReport(opts: LabelReportOpts): ReportData {
  const { config, split, heads, samples } = opts;
  const { steps, epochs } = sortRecords(opts.records);
  const last = epochs.at(-1);
  const best = epochs.findLast((epoch) => epoch.best);
  const value = (key: string): string => (best ? shortNumber(best.validation[key]) : '–');
  const keys =
    heads.length > 1
      ? heads.map(({ name }) => ({ key: `accuracy:${name}`, name }))
      : [{ key: 'accuracy', name: heads[0].name }];
  return {
    title: 'Pre-training: telling what was done to crops',
    lead: `Proxy task ${config.proxyTask}; ${plural(split.train.length, 'volume')} to train on, ${split.validation.length} for validation; crops of ${config.crop.join(' × ')} voxels. Only the encoder and a head are trained.`,
    cards: [
      { value: value('accuracy'), label: 'validation accuracy (best epoch)' },
      { value: value('chance'), label: 'by chance' },
      {
        value: String(last?.epoch ?? 0),
        label: `${last?.epoch === 1 ? 'epoch' : 'epochs'}, ${plural(last?.step ?? 0, 'step')}`,
      },
      { value: last ? duration(last.seconds) : '–', label: 'training time' },
    ],
    sections: [
      {
        title: 'Loss',
        blocks: [lossCurves({ steps, epochs, lossName: 'cross-entropy', logarithmic: false })],
      },
      { title: 'Accuracy', blocks: [validationCurves(epochs, 'validation accuracy', keys)] },
      {
        title: 'Validation crops',
        blocks: [
          {
            kind: 'samples',
            samples: samples.slice(0, SHOWN).map((sample) => figure(sample, heads)),
          },
        ],
      },
      { title: 'Learning rate and data', blocks: [splitFacts(last, split)] },
      { title: 'Options', blocks: [configTable(config)] },
    ],
  };
}

function figure(sample: ToldSample, heads: readonly LabelHead[]): SampleFigure {
  const volumes = [sample.target, sample.input];
  return {
    title: sample.volume,
    note: heads.map((head) => noteOf(head, sample)).join('; '),
    columns: ['original', 'changed'],
    rows: ([2, 1] as SliceAxis[]).map((axis) => ({
      name: axis === 2 ? 'axial' : 'coronal',
      slices: volumes.map((volume) => graySlice(volume, axis, volume.shape[axis] >> 1)),
    })),
  };
}

/** 'rotation 3, told 3' or 'horizontal: 6 of 8 told right' */
function noteOf(head: LabelHead, sample: ToldSample): string {
  const { name, kind, size } = head;
  if (kind === 'class') return `${name} ${sample.labels?.[name]}, told ${sample.told[name]}`;
  return `${name}: ${Math.round(accuracyOf(head, [sample]) * size)} of ${size} told right`;
}
