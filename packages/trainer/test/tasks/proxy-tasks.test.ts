import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { finetune, loadModel, pretrain, TrainerError } from '@genesis/trainer';
import { createRng } from '@genesis/transforms';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import ndarray, { type NdArray } from 'ndarray';
import { resolveConfig } from '#src/config/resolve-config.js';
import { schemaFor } from '#src/tasks/common/task.js';
import { chooseObjective } from '#src/tasks/pretrain/choose-objective.js';
import { pretrainOptions, pretrainOptionsFor } from '#src/tasks/pretrain/options.js';
import { writeBalls, writeRamps } from '../helpers/volumes.js';

const task = { options: pretrainOptions, optionsFor: pretrainOptionsFor };
const needed = { images: 'in', out: 'run' };

test('a proxy task takes its own options, and no others', (t) => {
  const resolve = (given: Record<string, unknown>) =>
    resolveConfig(schemaFor(task, { ...needed, ...given }), { ...needed, ...given });
  const message = (given: Record<string, unknown>): string =>
    t.throws(() => resolve(given), { instanceOf: TrainerError })?.message ?? '';
  const masked = { proxyTask: 'masked-autoencoding' };
  t.deepEqual(resolve({ ...masked, proxyOptions: { ratio: 0.6, patch: [4, 4, 4] } }).proxyOptions, {
    ratio: 0.6,
    patch: [4, 4, 4],
  });
  t.is(
    message({ ...masked, proxyOptions: { ration: 0.6 } }),
    "unknown option 'proxyOptions.ration'; did you mean 'ratio'?",
  );
  t.regex(
    message({ ...masked, proxyOptions: { ratio: 2 } }),
    /^option 'proxyOptions\.ratio' is 2: /,
  );
  t.regex(message({ proxyTask: 'rotation', proxyOptions: { ratio: 0.5 } }), /^unknown option/);
  t.regex(message({ proxyOptions: 'ratio' }), /^option 'proxyOptions' is "ratio": /);
  t.is(
    message({ deformations: { flip: { rat: 1 } } }),
    "unknown option 'deformations.flip.rat'; did you mean 'rate'?",
  );
  t.deepEqual(resolve({ deformations: { paintRate: 0.5 } }).proxyOptions, { paintRate: 0.5 });
});

test.serial(
  'rotation is told, not restored, and its encoder is a start for fine-tuning',
  async (t) => {
    const folder = await tempFolder(t);
    const at = (...parts: string[]): string => join(folder, ...parts);
    await writeRamps(at('in'), 5);
    const small = { width: 4, levels: 2, batch: 8 } as const;
    const before = tf.memory().numTensors;
    const result = await pretrain({
      ...small,
      images: at('in'),
      out: at('pre'),
      crop: [12, 12, 12],
      proxyTask: 'rotation',
      epochs: 20,
      cropsPerVolume: 16,
      validationCrops: 20,
      learningRate: 0.01,
    });
    t.is(tf.memory().numTensors, before, 'nothing is left in the engine');
    const { accuracy, chance } = result.best?.validation ?? {};
    t.is(chance, 0.1, 'a cube has ten turns');
    t.true(accuracy > 0.6, `accuracy ${accuracy}`);
    const html = await readFile(result.report, 'utf8');
    t.true(html.includes('by chance') && /rotation \d, told \d/.test(html));

    const loaded = await loadModel(at('pre'));
    const names = loaded.model.layers.map(({ name }) => name);
    t.true(names.includes('head.rotation') && !names.some((name) => name.startsWith('decoder.')));
    t.deepEqual(loaded.model.outputs[0].shape, [null, 10]);
    loaded.model.dispose();

    await writeBalls(at('seg'), 3, [16, 16, 16]);
    const notes: string[] = [];
    await finetune({
      ...small,
      task: 'segmentation',
      images: at('seg', 'images'),
      labels: at('seg', 'labels'),
      init: at('pre'),
      out: at('seg-run'),
      epochs: 1,
      onEvent: (event) => {
        if (event.type === 'note') notes.push(event.text);
      },
    });
    const transfer = notes.find((text) => text.startsWith('weights from')) ?? '';
    t.notRegex(transfer, /random: encoder/);
    t.regex(transfer, /random: decoder/);
    t.regex(transfer, /unused: head\.rotation/);
  },
);

test.serial(
  "a Rubik's cube has three outputs; an interrupted run goes on to the same weights",
  async (t) => {
    const folder = await tempFolder(t);
    await writeRamps(join(folder, 'in'), 3);
    const opts = {
      images: join(folder, 'in'),
      crop: [12, 12, 12],
      width: 2,
      levels: 2,
      batch: 4,
      cropsPerVolume: 8,
      validationCrops: 8,
      proxyTask: 'rubiks-cube',
      proxyOptions: { permutations: 5 },
    } as const;
    const whole = await pretrain({ ...opts, out: join(folder, 'whole'), epochs: 2 });
    t.deepEqual(Object.keys(whole.best?.validation ?? {}), [
      'loss',
      'accuracy',
      'chance',
      'accuracy:permutation',
      'accuracy:horizontal',
      'accuracy:vertical',
    ]);
    await pretrain({ ...opts, out: join(folder, 'parts'), epochs: 1 });
    const parts = await pretrain({ ...opts, out: join(folder, 'parts'), epochs: 2, resume: true });
    t.deepEqual(parts.best, whole.best);
    const { model } = await loadModel(join(folder, 'parts'));
    t.deepEqual(
      model.outputs.map(({ shape }) => shape[1]),
      [5, 8, 8],
    );
    model.dispose();
  },
);

test('the masked loss is the mean squared error of the hidden voxels', async (t) => {
  const config = resolveConfig(pretrainOptions, {
    ...needed,
    crop: [4, 4, 2],
    proxyTask: 'masked-autoencoding',
    proxyOptions: { patch: [2, 2, 2], ratio: 0.5 },
    maskedLoss: true,
  });
  const objective = chooseObjective(config);
  const values = (seed: number): NdArray<Float32Array> => {
    const data = new Float32Array(64);
    createRng(seed).fillUniform(data);
    return ndarray(data, [2, 4, 4, 2, 1]);
  };
  const mask = [1, 0, 0, 1, 0, 1, 1, 0];
  const [target, prediction] = [values(1), values(2)];
  const batch = {
    input: target,
    target,
    index: 0,
    indices: [0, 1],
    labels: { mask: ndarray(Int32Array.from(mask), [2, 4]) },
  };
  const targets = objective.targets(batch, []);
  const [loss] = await objective
    .loss(targets, [tf.tensor(prediction.data, prediction.shape)])
    .data();
  let [sum, count] = [0, 0];
  for (let n = 0; n < 2; n++) {
    for (let x = 0; x < 4; x++) {
      for (let y = 0; y < 4; y++) {
        if (mask[n * 4 + (x >> 1) * 2 + (y >> 1)] === 0) continue;
        for (let z = 0; z < 2; z++, count++) {
          sum += (prediction.get(n, x, y, z, 0) - target.get(n, x, y, z, 0)) ** 2;
        }
      }
    }
  }
  t.is(count, 32);
  t.true(Math.abs(loss - sum / count) < 1e-6, `${loss} against ${sum / count}`);
});

test('a loss of hidden voxels alone needs a proxy task that hides some', (t) => {
  const config = { ...needed, proxyTask: 'rotation', maskedLoss: true };
  t.throws(() => chooseObjective(resolveConfig(pretrainOptions, config)), {
    instanceOf: TrainerError,
    message: /'rotation' does not tell which voxels it hides/,
  });
});

test.serial('masked auto-encoding validates the hidden voxels alone', async (t) => {
  const folder = await tempFolder(t);
  await writeRamps(join(folder, 'in'), 3);
  const run = (name: string, maskedLoss: boolean) =>
    pretrain({
      images: join(folder, 'in'),
      out: join(folder, name),
      crop: [16, 16, 16],
      width: 2,
      levels: 2,
      batch: 4,
      epochs: 1,
      cropsPerVolume: 8,
      validationCrops: 8,
      proxyTask: 'masked-autoencoding',
      proxyOptions: { ratio: 0.25 },
      maskedLoss,
    });
  const [all, hidden] = [await run('all', false), await run('hidden', true)];
  const [a, b] = [all, hidden].map(({ best }) => best?.validation.identityMse ?? 0);
  // A quarter of the voxels is hidden, and only there the input differs from the target.
  t.true(Math.abs(b / a - 4) < 1e-6, `${b} is four times ${a}`);
});
