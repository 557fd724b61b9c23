import { formatTable } from '../../../report/text-table.js';
import { plusMinus, threeDigits } from '../score-text.js';
import type { FigureName, FigureSummary } from './api.js';
import type { ScoredCases } from './figures-csv.js';

/** What tables show of an evaluation; all else is in its JSON and CSV. */
export interface ShownFigures {
  readonly cases: ScoredCases;
  /** By class. */
  readonly classes: Readonly<Record<string, Readonly<Partial<Record<FigureName, FigureSummary>>>>>;
  /** Of each case's mean over its classes. */
  readonly foreground: Readonly<Partial<Record<FigureName, FigureSummary>>>;
  /** Of the surface Dice, in mm. */
  readonly tolerance: number;
}

const TITLES = {
  dice: 'Dice',
  iou: 'IoU',
  meanIou: 'mean IoU',
  surfaceDice: 'surface Dice',
  hd95: 'HD95 mm',
  volumeErrorPercent: 'volume error %',
  lesionF1: 'lesion F1',
} as const satisfies Partial<Record<FigureName, string>>;

type Shown = keyof typeof TITLES;

/** The figures of each case and class, then those of each class over the cases with the interval of the mean Dice, as text. */
export function figureTables({ cases, classes, foreground, tolerance }: ShownFigures): string {
  const shown = (Object.keys(TITLES) as Shown[]).filter(
    (name) => name !== 'meanIou' || foreground.meanIou !== undefined,
  );
  const titles = shown.map((name) => TITLES[name]);
  const byCase = formatTable(
    ['case', 'class', ...titles],
    cases.flatMap(({ name, scores }) =>
      Object.entries(scores).map(([label, figures]) => [
        name,
        label,
        ...shown.map((figure) => threeDigits(figures[figure])),
      ]),
    ),
  );
  const all = { ...classes, 'mean of classes': foreground };
  const byClass = formatTable(
    ['class', 'cases', 'Dice', '95 % interval', ...titles.slice(1)],
    Object.entries(all).map(([name, summaries]) => [
      name,
      String(summaries.dice?.cases ?? 0),
      plusMinus(summaries.dice ?? { cases: 0 }),
      intervalText(summaries.dice),
      ...shown.slice(1).map((figure) => plusMinus(summaries[figure] ?? { cases: 0 })),
    ]),
  );
  const notes = [
    `surface Dice: share of the surfaces within ${tolerance} mm`,
    ...(shown.includes('meanIou') ? ['mean IoU: over thresholds 0.5:0.05:0.95'] : []),
    'a class that is in neither volume is left out of the means; distances of one that is in one of them only too',
  ];
  return `${byCase}\n\n${byClass}\n\n${notes.join('\n')}`;
}

function intervalText(summary: FigureSummary | undefined): string {
  const { interval } = summary ?? {};
  return interval ? `${threeDigits(interval.low)} … ${threeDigits(interval.high)}` : '–';
}
