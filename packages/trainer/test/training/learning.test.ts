import { getWeights, meanSquaredError, type Norm, selectEngine, unet3d } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import type { EpochResult, Trainable, Validation } from '#src/training/api.js';
import type { LoopContext } from '#src/training/loop-context.js';
import type { TrainingObserver, TrainingSession } from '#src/training/observer.js';
import { ofOneOutput } from '#src/training/of-one-output.js';
import { singleProcess } from '#src/training/replicas/replicas.js';
import { createSession } from '#src/training/session.js';
import { train } from '#src/training/train.js';
import { findRate } from '#src/training/tune/find-rate.js';
import { planLength } from '#src/training/tune/plan-length.js';

await selectEngine('cpu');

interface TinyOpts {
  readonly norm?: Norm;
  readonly validate?: (plan: Trainable) => Promise<Validation>;
}

/** A network of a few weights that learns absolute values of 4×4×4 crops. */
function tiny({ norm = 'instance', validate }: TinyOpts = {}): Trainable & { dispose(): void } {
  const model = unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2, norm, seed: 0 });
  const plan: Trainable = {
    model,
    stepsPerEpoch: 2,
    batchSize: 2,
    loss: ofOneOutput(meanSquaredError),
    async *batches(epoch, firstStep, steps) {
      for (let step = firstStep; step < steps; step++) {
        const values = Float32Array.from({ length: 128 }, (_, n) => Math.sin(n + epoch * 7 + step));
        const x = tf.tensor(values, [2, 4, 4, 4, 1]);
        yield { x, targets: [tf.tidy(() => tf.abs(x))] };
      }
    },
    validate: async () => (await validate?.(plan)) ?? { monitored: 1, values: { loss: 1 } },
  };
  return { ...plan, dispose: () => model.dispose() };
}

function context(config: Partial<LoopContext['config']> = {}): LoopContext {
  return {
    replicas: singleProcess,
    config: {
      epochs: 2,
      optimizer: 'sgd',
      learningRate: 0.05,
      schedule: 'constant',
      scheduleFactor: 0.5,
      scheduleEpochs: 1,
      ...config,
    },
  };
}

async function weightsOf({ model }: Pick<Trainable, 'model'>, part = ''): Promise<number[]> {
  return [...(await getWeights(model))]
    .filter(([name]) => name.startsWith(part))
    .flatMap(([, { data }]) => [...data]);
}

/** Weights of a part after each update. */
function follow(plan: Trainable, part: string, found: number[][]): TrainingObserver {
  return { name: part, onUpdate: async () => void found.push(await weightsOf(plan, part)) };
}

test.serial('the decoder first, then all, with a memory that begins anew', async (t) => {
  const plan = tiny();
  const before = {
    encoder: await weightsOf(plan, 'encoder.'),
    head: await weightsOf(plan, 'head.'),
  };
  const [encoder, head]: number[][][] = [[], []];
  const rates: number[] = [];
  const watch: TrainingObserver = {
    name: 'rates',
    onUpdate: (_, { optimizer }: TrainingSession) => void rates.push(optimizer.learningRate),
  };
  const session = createSession(
    context({ stepsPerEpoch: 5, decoderFirst: 0.4, optimizer: 'adam' }),
    plan,
    [follow(plan, 'encoder.', encoder), follow(plan, 'head.', head), watch],
  );
  await train(session);
  t.is(session.state.step, 10, 'an epoch has the steps that are asked for');
  for (const step of [0, 1, 2, 3]) t.deepEqual(encoder[step], before.encoder, `step ${step + 1}`);
  t.notDeepEqual(head[0], before.head);
  t.notDeepEqual(encoder[4], before.encoder);
  t.deepEqual(
    rates.slice(0, 4).map((rate) => Number((rate / 0.05).toFixed(3))),
    [0.333, 0.667, 1, 0.536],
  );
  // At the fifth step Adam is as at its first: it moves each weight by the rate.
  const moved = encoder[4].map((value, n) => Math.abs(value - before.encoder[n]));
  t.true(
    moved.some((by) => Math.abs(by - rates[4]) < 1e-3 * rates[4]),
    String(moved.slice(0, 4)),
  );
  session.dispose();
  plan.dispose();
});

test.serial('one stage after the other begins to learn', async (t) => {
  const plan = tiny();
  const before = await weightsOf(plan, 'decoder.');
  const [decoder, head]: number[][][] = [[], []];
  const session = createSession(context({ unfreezeEvery: 1 }), plan, [
    follow(plan, 'decoder.', decoder),
    follow(plan, 'head.', head),
  ]);
  await train(session);
  t.deepEqual(decoder[1], before);
  t.notDeepEqual(decoder[2], before);
  t.notDeepEqual(head[0], head[1]);
  session.dispose();
  plan.dispose();
});

test.serial('the encoder learns at a rate of its own', async (t) => {
  const change = async (config: Partial<LoopContext['config']>): Promise<number[]> => {
    const plan = tiny();
    const before = await weightsOf(plan, 'encoder.');
    const session = createSession(context({ epochs: 1, stepsPerEpoch: 1, ...config }), plan, []);
    await train(session);
    const after = await weightsOf(plan, 'encoder.');
    session.dispose();
    plan.dispose();
    return after.map((value, n) => value - before[n]);
  };
  const [whole, tenth] = [await change({}), await change({ encoderRate: 0.1 })];
  whole.forEach((by, n) => {
    t.true(Math.abs(tenth[n] - 0.1 * by) < 1e-7);
  });
  const plan = tiny();
  t.throws(() => createSession(context({ encoderRate: 0.1, stageRate: 0.5 }), plan, []), {
    message: /exclude each other/,
  });
  plan.dispose();
});

test.serial(
  'a batch worked through in parts gives the same step where nothing is taken over the batch',
  async (t) => {
    const after = async (accumulate: number): Promise<number[]> => {
      const plan = tiny();
      const tensors = tf.memory().numTensors;
      const session = createSession(context({ accumulate }), plan, []);
      await train(session);
      session.dispose();
      t.is(tf.memory().numTensors, tensors);
      const found = await weightsOf(plan);
      plan.dispose();
      return found;
    };
    const [one, two] = [await after(1), await after(2)];
    one.forEach((value, n) => {
      t.true(Math.abs(value - two[n]) < 1e-5, `${value} ${two[n]}`);
    });
    const plan = tiny();
    t.throws(() => createSession(context({ accumulate: 3 }), plan, []), {
      message: /a batch of 2 .* 3 equal parts/,
    });
    plan.dispose();
  },
);

test.serial(
  'the average of the weights is what is validated, and training goes on without it',
  async (t) => {
    const seen: number[][] = [];
    const plan = tiny({
      validate: async (own) => {
        seen.push(await weightsOf(own));
        return { monitored: 1, values: { loss: 1 } };
      },
    });
    const session = createSession(context({ averageWeights: 0.9 }), plan, []);
    await train(session);
    const saved = await session.withEvaluatedWeights(() => weightsOf(plan));
    t.deepEqual(saved, seen[1]);
    const own = await weightsOf(plan);
    t.notDeepEqual(own, seen[1]);
    const without = tiny();
    const plain = createSession(context(), without, []);
    await train(plain);
    t.deepEqual(await weightsOf(without), own);
    for (const one of [session, plain]) one.dispose();
    plan.dispose();
    without.dispose();
  },
);

test.serial('the best epoch goes by the score, or by its average over the epochs', async (t) => {
  const scores = [0.5, 0.9, 0.6, 0.7, 0.8];
  const best = async (config: Partial<LoopContext['config']>): Promise<number[]> => {
    let n = 0;
    const plan = tiny({
      validate: async () => ({ monitored: n, score: scores[n++], values: { loss: n } }),
    });
    const results: EpochResult[] = [];
    const collect: TrainingObserver = { name: 'all', onEpoch: (one) => void results.push(one) };
    const session = createSession(context({ epochs: 5, ...config }), plan, [collect]);
    await train(session);
    session.dispose();
    plan.dispose();
    return results.filter(({ isBest }) => isBest).map(({ epoch }) => epoch);
  };
  t.deepEqual(await best({}), [1], 'the loss grows');
  t.deepEqual(await best({ bestBy: 'score' }), [1, 2]);
  t.deepEqual(await best({ bestBy: 'last' }), [1, 2, 3, 4, 5]);
  // Averages: 0.5, 0.7, 0.65, 0.675, 0.7375.
  t.deepEqual(await best({ bestBy: 'score', bestAverage: 0.5 }), [1, 2, 5]);
});

test.serial('measuring a run and looking for a rate leave no trace', async (t) => {
  const plan = tiny({ norm: 'batchRunning' });
  const before = await weightsOf(plan);
  const tensors = tf.memory().numTensors;
  let clock = 0;
  const measured = {
    ...plan,
    async *batches(epoch: number, firstStep: number, steps: number) {
      for await (const batch of plan.batches(epoch, firstStep, steps)) {
        clock += 500;
        yield batch;
      }
    },
    async validate() {
      clock += 2000;
      return plan.validate();
    },
  };
  const length = await planLength(
    { ...context({ epochs: 1000 }), now: () => clock },
    measured,
    600,
  );
  t.is(length.secondsPerStep, 0.5);
  t.is(length.secondsPerValidation, 2);
  // 600 s less a trial of 12 steps and a validation, of which 95 % are planned: 562.4 s; epochs of 36 steps, 20 s each.
  t.deepEqual([length.epochs, length.stepsPerEpoch], [28, 36]);
  const rate = await findRate(context(), plan);
  t.true(rate >= 1e-6 && rate <= 1, String(rate));
  t.deepEqual(await weightsOf(plan), before);
  t.is(tf.memory().numTensors, tensors);
  plan.dispose();
});
