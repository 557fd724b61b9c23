import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { evaluate, finetune, pretrain, readMetrics, type TrainingObserver } from '@genesis/trainer';
import { decodeSafetensors } from '@genesis/zoo';
import test, { type ExecutionContext } from 'ava';
import { resolveConfig } from '#src/config/resolve-config.js';
import { classificationPresets } from '#src/tasks/classification/options.js';
import { presetsFor } from '#src/tasks/common/task.js';
import { segmentationOptions, segmentationPresets } from '#src/tasks/segmentation/options.js';
import { writeBalls, writePhantoms } from '../helpers/volumes.js';

type Options = Record<string, unknown>;

async function tensors(run: string, file: 'last' | 'best'): Promise<Map<string, Buffer>> {
  const bytes = await readFile(join(run, 'checkpoints', `${file}.safetensors`));
  return new Map(
    [...decodeSafetensors(bytes).tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ]),
  );
}

/** Ends a run after the step whose loss is told as number `at`. */
function stopAt(at: number): { signal: AbortSignal; observers: TrainingObserver[] } {
  const controller = new AbortController();
  const observer: TrainingObserver = {
    name: 'stop',
    onStep({ step }) {
      if (step === at) controller.abort();
    },
  };
  return { signal: controller.signal, observers: [observer] };
}

/** Trains through, then with interruptions after some steps: the same bits in the end. */
async function resumesExactly(
  t: ExecutionContext,
  folder: string,
  given: Options,
  interruptions: readonly number[],
): Promise<void> {
  const train = (out: string, more: Options): Promise<{ reason: string; steps: number }> => {
    const opts = { ...given, out: join(folder, out), ...more };
    return given.task === undefined ? pretrain(opts as never) : finetune(opts as never);
  };
  const whole = await train('whole', {});
  t.is(whole.reason, 'epochs');
  for (const [n, at] of interruptions.entries()) {
    const part = await train('parts', { resume: n > 0, ...stopAt(at) });
    t.is(part.reason, 'interrupted', `at step ${at}`);
  }
  const end = await train('parts', { resume: true });
  t.is(end.steps, whole.steps);
  for (const file of ['last', 'best'] as const) {
    const [a, b] = [
      await tensors(join(folder, 'whole'), file),
      await tensors(join(folder, 'parts'), file),
    ];
    t.deepEqual([...b.keys()], [...a.keys()]);
    for (const [name, bytes] of a) t.true(bytes.equals(b.get(name) ?? Buffer.alloc(0)), name);
  }
  const records = async (run: string) =>
    (await readMetrics(join(folder, run, 'metrics.jsonl'))).map((record) =>
      record.kind === 'step' ? record : { ...record, seconds: 0, samplesPerSecond: 0 },
    );
  t.deepEqual(await records('parts'), await records('whole'));
}

/** Balls to segment and phantoms to pre-train on. */
async function data(t: ExecutionContext): Promise<{ folder: string; given: Options }> {
  const folder = await tempFolder(t);
  await writeBalls(join(folder, 'in'), 4, [18, 18, 16]);
  const given = {
    task: 'segmentation',
    images: join(folder, 'in', 'images'),
    labels: join(folder, 'in', 'labels'),
    crop: [16, 16, 16],
    width: 2,
    levels: 4,
    batch: 2,
    epochs: 3,
    stepsPerEpoch: 5,
    threads: 1,
    engine: 'native',
  };
  return { folder, given };
}

test.serial("'reference' with longer epochs: interrupted and resumed, the same bits", async (t) => {
  const { folder, given } = await data(t);
  await resumesExactly(t, folder, { ...given, recipe: 'reference' }, [2, 8]);
});

test.serial("'nnunet': interrupted and resumed, the same bits; its weights segment", async (t) => {
  const { folder, given } = await data(t);
  const recipe = { ...given, recipe: 'nnunet', averageWeights: 0.9, accumulate: 2 };
  await resumesExactly(t, folder, recipe, [1, 6, 12]);
  const run = join(folder, 'whole');
  const { network } = (
    JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as { model: { network: Options } }
  ).model;
  t.like(network, { norm: 'instance', activation: 'leakyRelu' });
  t.true(
    (await tensors(run, 'best')).has('head.level1.kernel'),
    'it has learnt from coarse outputs',
  );
  const found = await evaluate({
    model: run,
    images: String(given.images),
    labels: String(given.labels),
  });
  t.is(found.kind, 'segmentation');
});

test.serial(
  "'transfer' with the decoder first: interrupted and resumed, the same bits",
  async (t) => {
    const { folder, given } = await data(t);
    await writePhantoms(join(folder, 'scans'), 2, [24, 24, 24]);
    const { crop, width, levels, threads, engine } = given;
    await pretrain({
      images: join(folder, 'scans'),
      out: join(folder, 'pre'),
      ...({ crop, width, levels, threads, engine } as object),
      batch: 2,
      epochs: 1,
      cropsPerVolume: 4,
      validationCrops: 2,
      skips: false,
      weightDecay: 1e-3,
      optimizer: 'adamw',
      warmUp: 0.5,
    });
    const recipe = {
      ...given,
      recipe: 'transfer',
      init: join(folder, 'pre'),
      decoderFirst: 0.4,
      optimizer: 'adamw',
    };
    // The decoder learns alone for six steps: stopped before, at and after the change.
    await resumesExactly(t, folder, recipe, [2, 5, 9]);
    const run = JSON.parse(await readFile(join(folder, 'whole', 'run.json'), 'utf8')) as {
      transfer: { matched: string[]; random: { name: string; reason: string }[] };
      model: { network: { skips?: boolean } };
    };
    t.true(
      run.transfer.matched.every((name) => name.startsWith('encoder.')),
      'a decoder without skips stays behind',
    );
    t.true(run.transfer.random.some(({ name }) => name === 'decoder.0.b.conv.kernel'));
    t.is(run.model.network.skips, undefined);
    const before = await tensors(join(folder, 'pre'), 'best');
    const rates = (await readMetrics(join(folder, 'whole', 'metrics.jsonl'))).flatMap((record) =>
      record.kind === 'epoch' ? [record.learningRate] : [],
    );
    t.is(rates.length, 3);
    t.true(before.has('encoder.0.a.conv.kernel'));
  },
);

test.serial(
  'parts that learn at their own rate, one after the other, at a rate that was found',
  async (t) => {
    const { folder, given } = await data(t);
    const recipe = {
      ...given,
      unfreezeEvery: 1,
      stageRate: 0.5,
      lrFind: true,
      schedule: 'cosine',
      warmUp: 0.2,
    };
    await resumesExactly(t, folder, recipe, [3, 7]);
    const run = JSON.parse(await readFile(join(folder, 'whole', 'run.json'), 'utf8')) as {
      learningRate: number;
    };
    // A tenth of the rate with the least loss; the largest that is tried is 1.
    t.true(run.learningRate > 1e-6 && run.learningRate <= 0.1, String(run.learningRate));
  },
);

test.serial(
  'the residual network is trained too, and planned with the time it is given',
  async (t) => {
    const { folder, given } = await data(t);
    const out = join(folder, 'run');
    const { stepsPerEpoch: _, ...rest } = given;
    const result = await finetune({
      ...rest,
      levels: 3,
      recipe: 'nnunet',
      architecture: 'residual',
      maxMinutes: 0.15,
      out,
    } as never);
    const run = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as {
      length: { epochs: number; stepsPerEpoch: number; secondsPerStep: number };
      model: { network: Options };
    };
    t.is(run.model.network.architecture, 'residual');
    t.true(run.length.epochs >= 1 && run.length.secondsPerStep > 0);
    const steps = run.length.epochs * run.length.stepsPerEpoch;
    t.true(result.steps <= steps, `${result.steps} of ${steps}`);
    const found = await evaluate({
      model: out,
      images: String(given.images),
      labels: String(given.labels),
    });
    t.is(found.kind, 'segmentation');
  },
);

test('a recipe gives way to what is given, and knows what the task has', (t) => {
  const needed = { task: 'segmentation', images: 'in', out: 'run' };
  const config = (given: Options) =>
    resolveConfig(
      segmentationOptions,
      { ...needed, ...given },
      presetsFor(
        { options: segmentationOptions, presets: segmentationPresets },
        { ...needed, ...given },
      ),
    );
  t.like(config({}), {
    optimizer: 'adam',
    schedule: 'plateau',
    patience: 50,
    deepSupervision: false,
  });
  t.like(config({ recipe: 'nnunet' }), {
    optimizer: 'sgd',
    learningRate: 0.01,
    momentum: 0.99,
    nesterov: true,
    weightDecay: 3e-5,
    clipNorm: 12,
    schedule: 'poly',
    loss: 'diceCe',
    deepSupervision: true,
    norm: 'instance',
    activation: 'leakyRelu',
    augment: 'nnunet',
    stepsPerEpoch: 250,
    patience: 0,
  });
  const own = config({ recipe: 'nnunet', learningRate: 0.1, augment: 'none', maxMinutes: 5 });
  t.like(own, { learningRate: 0.1, augment: 'none', optimizer: 'sgd' });
  t.is(own.stepsPerEpoch, undefined);
  const transfer = config({ recipe: 'transfer', init: 'pre' });
  t.like(transfer, { learningRate: 0.001, warmUp: 0.1, deepSupervision: false });
  t.is(transfer.norm, undefined, 'the network is that of the weights');
  t.is(config({ recipe: 'transfer' }).learningRate, 0.01, 'from scratch at the rate of scratch');
  t.like(config({ recipe: 'transfer', init: 'pre', optimizer: 'adamw' }), {
    learningRate: 1e-4,
    weightDecay: 0.05,
    beta2: 0.98,
    clipNorm: 1,
    momentum: undefined,
  });
  const classes = classificationPresets({ recipe: 'nnunet' });
  t.false('deepSupervision' in classes || 'foreground' in classes);
  t.is(classes.loss, undefined);
});
