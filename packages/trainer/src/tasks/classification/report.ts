import type { ClassificationCard } from '@genesis/inference';
import { plural } from '../../plural.js';
import type { ReportData } from '../../report/api.js';
import { configTable } from '../../report/config-table.js';
import { lossCurves, validationCurves } from '../../report/curves.js';
import { duration } from '../../report/duration.js';
import { shownIntensities } from '../../report/shown-intensities.js';
import { formatTable } from '../../report/text-table.js';
import { shortNumber } from '../../report/ticks.js';
import { transferTable } from '../../report/transfer-table.js';
import { type MetricsRecord, sortRecords } from '../../run/metrics.js';
import type { TransferReport } from '../../run/run-info.js';
import { augmentedSection } from '../common/augmentation/augmented-section.js';
import { threeDigits } from '../common/score-text.js';
import type { ClassificationExample } from './data.js';
import type { ClassificationEvaluation } from './evaluation.js';
import type { ClassificationConfig } from './options.js';

/** Training volumes that a page shows. */
export const SHOWN_EXAMPLES = 4;

export interface ClassificationReportOpts {
  readonly records: readonly MetricsRecord[];
  readonly config: ClassificationConfig;
  readonly info: ClassificationCard;
  /** Training volumes, as they are and as they were varied. */
  readonly examples: readonly ClassificationExample[];
  /** Names of the volumes by their number. */
  readonly names: readonly string[];
  readonly transfer: TransferReport | undefined;
}

/** A page with the curves of loss, accuracy and area under the ROC curve. */
export function classificationReport(opts: ClassificationReportOpts): ReportData {
  const { info, config, examples, names } = opts;
  const { steps, epochs } = sortRecords(opts.records);
  const last = epochs.at(-1);
  const best = epochs.findLast((epoch) => epoch.best);
  const value = (key: string): string => {
    const found = best?.validation[key];
    return found === undefined ? '–' : shortNumber(found);
  };
  return {
    title: 'Fine-tuning: classification',
    lead: `Classes ${info.classes.map(({ name }) => name).join(', ')}; input ${info.crop.join(' × ')} voxels; start: ${config.init}.`,
    cards: [
      { value: value('auc'), label: 'validation AUC (best epoch)' },
      { value: value('accuracy'), label: 'validation accuracy' },
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
      {
        title: 'Validation',
        blocks: [
          validationCurves(epochs, 'accuracy and AUC', [
            { key: 'accuracy', name: 'accuracy' },
            { key: 'auc', name: 'AUC' },
          ]),
        ],
      },
      ...augmentedSection(
        examples.map(({ volume, source, image }) => ({
          name: names[volume],
          source: shownIntensities(source, info.preparation.normalization),
          image: shownIntensities(image, info.preparation.normalization),
        })),
      ),
      { title: 'Start', blocks: [transferTable(opts.transfer)] },
      { title: 'Options', blocks: [configTable(config)] },
    ],
  };
}

/** Truth, prediction and probabilities of each case, and the figures of all, as text. */
export function tabulateClassification(result: ClassificationEvaluation): string {
  const names = Object.keys(result.cases[0]?.probabilities ?? {});
  const cases = formatTable(
    ['case', 'truth', 'prediction', ...names.map((name) => `p(${name})`)],
    result.cases.map(({ name, truth, prediction, probabilities }) => [
      name,
      truth,
      prediction,
      ...names.map((label) => threeDigits(probabilities[label])),
    ]),
  );
  return `${cases}\n\naccuracy ${threeDigits(result.accuracy)}\nAUC      ${threeDigits(result.auc)}`;
}
