import type { ClassificationCard } from '@genesis/inference';
import type { FinetuneConfig } from '../../config/schema.js';
import type { TransferReport } from '../../model/init-weights.js';
import { configTable } from '../../report/config-table.js';
import { epochsOf, lossCurves, validationCurves } from '../../report/curves.js';
import { duration } from '../../report/duration.js';
import { page } from '../../report/page.js';
import { shortNumber } from '../../report/ticks.js';
import { transferTable } from '../../report/transfer-table.js';
import type { MetricsRecord } from '../../run/metrics.js';

export interface ClassificationReportOpts {
  readonly records: readonly MetricsRecord[];
  readonly config: FinetuneConfig;
  readonly info: ClassificationCard;
  readonly transfer: TransferReport | undefined;
}

/** A page with the curves of loss, accuracy and area under the ROC curve. */
export function classificationReport(opts: ClassificationReportOpts): string {
  const { records, info, config } = opts;
  const epochs = epochsOf(records);
  const last = epochs.at(-1);
  const best = epochs.findLast((epoch) => epoch.best);
  const value = (key: string): string => {
    const found = best?.validation[key];
    return found === undefined ? '–' : shortNumber(found);
  };
  return page({
    title: 'Fine-tuning: classification',
    lead: `Classes ${info.classes.map(({ name }) => name).join(', ')}; input ${info.crop.join(' × ')} voxels; start: ${config.init}.`,
    cards: [
      { value: value('auc'), label: 'validation AUC (best epoch)' },
      { value: value('accuracy'), label: 'validation accuracy' },
      { value: String(last?.epoch ?? 0), label: `epochs, ${last?.step ?? 0} steps` },
      { value: last ? duration(last.seconds) : '–', label: 'training time' },
    ],
    sections: [
      {
        title: 'Loss',
        body: lossCurves({ records, lossName: 'cross-entropy', logarithmic: false }),
      },
      {
        title: 'Validation',
        body: validationCurves(records, 'accuracy and AUC', [
          { key: 'accuracy', name: 'accuracy' },
          { key: 'auc', name: 'AUC' },
        ]),
      },
      { title: 'Start', body: transferTable(opts.transfer) },
      { title: 'Options', body: configTable(config) },
    ],
  });
}
