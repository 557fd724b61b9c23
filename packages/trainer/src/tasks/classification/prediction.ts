import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';
import { type ClassificationCard, classifyVolume, networkOf } from '@genesis/inference';
import { formatCsv } from '../../data/csv.js';
import { readItem } from '../../data/dataset.js';
import type { CasePrediction, PredictRequest } from '../common/task.js';

/** A classified volume. */
export interface ClassificationPrediction extends CasePrediction {
  /** Of each class by its name; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** Writes a CSV with the classes of all items; into `predictions.csv` when `out` is a folder. */
export async function predictClasses(
  request: PredictRequest<ClassificationCard>,
): Promise<ClassificationPrediction[]> {
  const { items, model, info, out } = request;
  const names = info.classes.map(({ name }) => name);
  const rows: (string | number)[][] = [['name', 'prediction', ...names.map((name) => `p:${name}`)]];
  const predictions: ClassificationPrediction[] = [];
  for (const [n, item] of items.entries()) {
    const volume = await readItem(item, info.preparation.nonFinite);
    const scores = await classifyVolume(volume, networkOf(model, info.crop), info);
    const best = scores.indexOf(Math.max(...scores));
    rows.push([
      item.name,
      names[best],
      ...[...scores].map((score) => Number(score.toPrecision(6))),
    ]);
    predictions.push({
      name: item.name,
      input: item.path,
      probabilities: Object.fromEntries(names.map((name, c) => [name, scores[c]])),
    });
    request.onCase?.({ name: item.name, done: n + 1, total: items.length });
  }
  const isFolder = (await stat(out).catch(() => undefined))?.isDirectory();
  await atomicWrite(isFolder ? join(out, 'predictions.csv') : out, formatCsv(rows));
  return predictions;
}
