import { duration } from '../report/duration.js';
import { shortNumber } from '../report/ticks.js';
import type { EpochResult } from '../training/api.js';

/** Columns where the terminal does not say how many it has. */
const COLUMNS = 80;
const GAP = '  ';
/** Characters of most numbers. */
const NUMBER = 7;

/**
 * Makes lines about epochs that fit a terminal: the same columns in every line, each as wide as it has been so far; values that find no
 * room are left to metrics.jsonl and the report.
 *
 * @param columns - Of the terminal, asked for each line.
 */
export function epochLines(
  epochs: number,
  columns: () => number | undefined,
): (result: EpochResult) => string {
  const widths = new Map<string, number>();
  const cell = (key: string, text: string): string => {
    const width = Math.max(widths.get(key) ?? key.length + 1 + NUMBER, text.length);
    widths.set(key, width);
    return text.padEnd(width);
  };
  return (result) => {
    const { validation, isBest } = result;
    const { loss, ...values } = validation.values;
    const shown = validation.shown ?? Object.keys(values);
    const count = `${String(result.epoch).padStart(String(epochs).length)}/${epochs}`;
    const fixed = [
      `epoch ${count}`,
      cell('loss', `loss ${shortNumber(result.trainLoss)}`),
      cell('val', `val ${shortNumber(loss)}`),
    ];
    const end = [cell('time', duration(result.seconds)), isBest ? '★' : ' '];
    if (result.partial) end.push('cut short');
    const room = (columns() ?? COLUMNS) - 1;
    const middle: string[] = [];
    const optional = [
      ...shown.filter((key) => values[key] !== undefined).map((key) => [key, values[key]] as const),
      ['lr', result.learningRate] as const,
      ['samples/s', result.samplesPerSecond] as const,
    ];
    for (const [key, value] of optional) {
      const text = cell(key, `${key} ${shortNumber(value)}`);
      if ([...fixed, ...middle, text, ...end].join(GAP).length > room) continue;
      middle.push(text);
    }
    return [...fixed, ...middle, ...end].join(GAP).trimEnd();
  };
}
