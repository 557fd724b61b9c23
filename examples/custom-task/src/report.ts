import {
  configTable,
  formatTable,
  lossCurves,
  type MetricsRecord,
  type ReportData,
  shortNumber,
  sortRecords,
  validationCurves,
} from '@genesis/trainer/tasks';
import type { AgeEvaluation } from './evaluation.js';
import type { AgeConfig } from './options.js';

export function ageReport(records: readonly MetricsRecord[], config: AgeConfig): ReportData {
  const { steps, epochs } = sortRecords(records);
  const best = epochs.findLast((epoch) => epoch.best);
  return {
    title: 'Fine-tuning: age',
    lead: `Ages of ${config.ages}.`,
    cards: [
      { value: best ? shortNumber(best.validation.years) : '–', label: 'years off, on average' },
    ],
    sections: [
      {
        title: 'Loss',
        blocks: [lossCurves({ steps, epochs, lossName: 'squared error', logarithmic: true })],
      },
      {
        title: 'Years',
        blocks: [validationCurves(epochs, 'years off', [{ key: 'years', name: 'validation' }])],
      },
      { title: 'Options', blocks: [configTable(config)] },
    ],
  };
}

export function tabulateAges({ cases, error }: AgeEvaluation): string {
  const rows = cases.map(({ name, truth, prediction }) => [
    name,
    truth.toFixed(1),
    prediction.toFixed(1),
  ]);
  return `${formatTable(['case', 'age', 'predicted'], rows)}\n\n${error.toFixed(2)} years off`;
}
