import { createRng } from '@genesis/transforms';
import { selectEngine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import test from 'ava';
import ndarray, { type NdArray } from 'ndarray';
import { renderPage } from '#src/report/page.js';
import { illustrate } from '#src/tasks/pretrain/evaluation.js';
import { pretrainOptions } from '#src/tasks/pretrain/options.js';
import { pretrainReport } from '#src/tasks/pretrain/report.js';

const CROP = [16, 16, 16] as const;

/** A crop of the values level … level + 0.1. */
function crop(level: number) {
  const data = new Float32Array(16 ** 3);
  createRng(level * 10).fillUniform(data);
  const target = ndarray(
    data.map((value) => level + 0.1 * value),
    [...CROP],
  ) as NdArray<Float32Array>;
  return { volume: `v${level}`, input: target, target };
}

test('each restoration stands beside its own input, and a batch mixes crops', async (t) => {
  await selectEngine('cpu');
  const validation = [crop(0.2), crop(0.4), crop(0.6)];
  /** The crop that most of the voxels that are left as they were are from; −1 for a curve, which leaves none. */
  const origin = (values: Float32Array): number => {
    const equal = validation.map(({ target }) => target.data.filter((v, n) => v === values[n]));
    const counts = equal.map((found) => found.length);
    return Math.max(...counts) > 0.02 * values.length ? counts.indexOf(Math.max(...counts)) : -1;
  };
  const batches: number[][] = [];
  // Gives its input back.
  const model = {
    predictOnBatch(x: tf.Tensor) {
      batches.push(tf.unstack(x).map((sample) => origin(sample.dataSync() as Float32Array)));
      return x.clone();
    },
  } as unknown as LayersModel;
  const config = pretrainOptions.parse({ images: 'd', out: 'o', batch: 4, crop: [...CROP] });
  const page = renderPage(
    pretrainReport({
      records: [],
      config,
      split: { train: ['a'], validation: ['v'] },
      ...(await illustrate(model, validation, config)),
    }),
  );
  const notes = [...page.matchAll(/MSE ([^ <]+) → ([^ <]+)/g)];
  t.is(notes.length, 12 + 3);
  for (const [, before, after] of notes) t.is(before, after);
  // The page begins with each deformation alone.
  for (const batch of batches.slice(0, 3)) {
    t.is(batch.length, 4);
    t.true(new Set(batch.filter((n) => n >= 0)).size > 1, `crops ${batch.join(', ')}`);
  }
});
