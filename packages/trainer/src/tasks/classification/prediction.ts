import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';
import { type ClassificationCard, classifyVolume } from '@genesis/inference';
import { checkOutputs } from '../../data/check-outputs.js';
import { formatCsv } from '../../data/csv.js';
import { readItem } from '../../data/dataset.js';
import { forEachCase } from '../common/for-each-case.js';
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
  const { items, images, network, info, files } = request;
  const isFolder = (await stat(request.out).catch(() => undefined))?.isDirectory();
  const out = isFolder ? join(request.out, 'predictions.csv') : request.out;
  await checkOutputs({ inputs: [images, ...files], outputs: [out], overwrite: request.overwrite });
  const names = info.classes.map(({ name }) => name);
  const rows: (string | number)[][] = [['name', 'prediction', ...names.map((name) => `p:${name}`)]];
  const predictions: ClassificationPrediction[] = [];
  await forEachCase(items, request, async (item) => {
    const volume = await readItem(item, info.preparation.nonFinite);
    const scores = await classifyVolume(volume, network, info);
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
    return undefined;
  });
  await atomicWrite(out, formatCsv(rows));
  return predictions;
}
