import type { ImportReport } from './import-weights.js';

/** A report as text, one line a weight: status, our name, the name in the file, the reason. */
export function formatReport(report: ImportReport): string {
  const source = (name: string): string => report.sources.get(name) ?? name;
  const from = (name: string): string => (source(name) === name ? '' : ` ← ${source(name)}`);
  return [
    ...report.matched.map((name) => `matched     ${name}${from(name)}`),
    ...report.mismatched.map(
      ({ name, reason, expected, found }) =>
        `mismatched  ${name}${from(name)}: ${reason}, [${found}] instead of [${expected}]`,
    ),
    ...report.missing.map((name) => `missing     ${name}`),
    ...report.unexpected.map((name) => `unexpected  ${source(name)}: the model has no such weight`),
    ...report.ignored.map(({ name, reason }) => `ignored     ${name}: ${reason}`),
  ].join('\n');
}
