import { formatCsv } from '../../../data/csv.js';
import type { Figures } from './api.js';
import { modelFigures } from './figure-names.js';

/** Cases with their figures by class or region. */
export type ScoredCases = readonly {
  readonly name: string;
  readonly scores: Readonly<Record<string, Figures>>;
}[];

/** A row for each case and class with all its figures; empty where there is none. Lengths are in mm, volumes in ml. */
export function figuresCsv(cases: ScoredCases): string {
  const rows = cases.flatMap(({ name, scores }) =>
    Object.entries(scores).map(([label, figures]) => ({ name, label, figures })),
  );
  const names = modelFigures.filter((name) =>
    rows.some(({ figures }) => figures[name] !== undefined),
  );
  return formatCsv([
    ['case', 'class', ...names],
    ...rows.map(({ name, label, figures }) => [
      name,
      label,
      ...names.map((figure) => figures[figure] ?? ''),
    ]),
  ]);
}
