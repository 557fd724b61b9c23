import { TrainerError } from '@genesis/trainer';
import {
  crossEntropy,
  Dense,
  GlobalAveragePool3d,
  getWeights,
  meanSquaredError,
  selectEngine,
  unet3d,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import test from 'ava';
import type { EpochResult, StopReason, Trainable, TrainBatch } from '#src/training/api.js';
import type { LoopContext } from '#src/training/loop-context.js';
import type { TrainingObserver, TrainingSession } from '#src/training/observer.js';
import { earlyStopping } from '#src/training/observers/early-stopping.js';
import { health } from '#src/training/observers/health.js';
import { ofOneOutput } from '#src/training/of-one-output.js';
import { singleProcess } from '#src/training/replicas/replicas.js';
import { createSession } from '#src/training/session.js';
import { train } from '#src/training/train.js';

await selectEngine('cpu');

/** A network of a few weights on 4×4×4 crops; validation values are given. */
function tinyPlan(values: readonly number[], spread?: number): Trainable & { dispose(): void } {
  const model = unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2, seed: 0 });
  let validated = 0;
  return {
    model,
    stepsPerEpoch: 3,
    batchSize: 2,
    loss: ofOneOutput(meanSquaredError),
    async *batches(epoch, firstStep): AsyncGenerator<TrainBatch> {
      for (let step = firstStep; step < 3; step++) {
        const values = Float32Array.from({ length: 128 }, (_, n) => Math.sin(n + epoch * 3 + step));
        const x = tf.tensor(values, [2, 4, 4, 4, 1]);
        yield { x, targets: [tf.tidy(() => tf.abs(x))] };
      }
    },
    async validate() {
      const loss = values[Math.min(validated++, values.length - 1)];
      return { monitored: loss, values: { loss }, spread };
    },
    dispose: () => model.dispose(),
  };
}

interface Given extends Partial<Omit<LoopContext, 'config'>> {
  readonly config?: Partial<LoopContext['config']>;
  readonly patience?: number;
  readonly observers?: readonly TrainingObserver[];
}

/** A session with SGD at 0.01 unless told otherwise, watched as in a run. */
function sessionFor(plan: Trainable, given: Given = {}): TrainingSession {
  const { config, patience = 10, observers = [], ...context } = given;
  return createSession(
    {
      replicas: singleProcess,
      ...context,
      config: {
        epochs: 5,
        optimizer: 'sgd',
        learningRate: 0.01,
        schedule: 'constant',
        scheduleFactor: 0.5,
        scheduleEpochs: 1,
        ...config,
      },
    },
    plan,
    [health(), earlyStopping(patience), ...observers],
  );
}

/** Collects the epochs. */
function collect(results: EpochResult[]): TrainingObserver {
  return { name: 'collect', onEpoch: (result) => void results.push(result) };
}

async function snapshot({ model }: Trainable): Promise<number[]> {
  return [...(await getWeights(model)).values()].flatMap(({ data }) => [...data]);
}

test.serial('steps leave no tensor behind, with every optimiser and with clipping', async (t) => {
  for (const optimizer of ['sgd', 'adam'] as const) {
    const plan = tinyPlan([1]);
    const counts: number[] = [];
    const count: TrainingObserver = {
      name: 'count',
      onEpoch: () => void counts.push(tf.memory().numTensors),
    };
    const session = sessionFor(plan, {
      config: { optimizer, clipNorm: 0.5, epochs: 4 },
      observers: [count],
    });
    await train(session);
    t.is(counts.length, 4);
    t.is(new Set(counts).size, 1, counts.join(', '));
    plan.dispose();
    session.optimizer.dispose();
  }
});

test.serial('the best epoch is remembered and patience ends the run', async (t) => {
  const plan = tinyPlan([3, 2, 2.5, 2.4, 2.3, 1]);
  const results: EpochResult[] = [];
  const session = sessionFor(plan, {
    config: { epochs: 9 },
    patience: 3,
    observers: [collect(results)],
  });
  t.is(await train(session), 'early-stopping');
  t.deepEqual(session.state.best, { epoch: 2, value: 2 });
  t.deepEqual(
    results.map(({ isBest }) => isBest),
    [true, true, false, false, false],
  );
  t.is(session.state.step, 15);
  const { observers } = await session.capture();
  t.deepEqual(observers.get('early-stopping'), { values: { sinceBest: 3 } });
  plan.dispose();
});

test.serial('gradients are reduced over the replicas between backward and update', async (t) => {
  const plan = tinyPlan([1]);
  const before = await snapshot(plan);
  const names = new Set<string>();
  const replicas: LoopContext['replicas'] = {
    ...singleProcess,
    async allReduce(gradients) {
      for (const name of Object.keys(gradients)) names.add(name);
      const none = tf.tidy(() =>
        Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.zerosLike(g)])),
      );
      tf.dispose(gradients);
      return none;
    },
  };
  await train(sessionFor(plan, { config: { epochs: 1 }, replicas }));
  t.deepEqual(await snapshot(plan), before);
  t.true(names.has('encoder.0.a.conv.kernel') && names.has('head.conv.bias'));
  await train(sessionFor(plan, { config: { epochs: 1 } }));
  t.notDeepEqual(await snapshot(plan), before);
  plan.dispose();
});

test.serial('a network with several outputs learns from a loss over all of them', async (t) => {
  const base = tinyPlan([1]);
  const input = base.model.inputs[0];
  const side = new Dense({ name: 'side', units: 2, activation: 'softmax' }).apply(
    new GlobalAveragePool3d({ name: 'pool' }).apply(base.model.outputs[0]),
  );
  const model = tfl.model({
    inputs: input,
    outputs: [base.model.outputs[0], side as tfl.SymbolicTensor],
  });
  const plan: Trainable = {
    ...base,
    model,
    loss: ([image, label], [restored, told]) =>
      tf.tidy(
        () => tf.add(meanSquaredError(image, restored), crossEntropy(label, told)) as tf.Scalar,
      ),
    async *batches(epoch, firstStep, steps) {
      for await (const { x, targets } of base.batches(epoch, firstStep, steps)) {
        yield {
          x,
          targets: [
            ...targets,
            tf.tensor(
              [
                [1, 0],
                [0, 1],
              ],
              [2, 2],
              'float32',
            ),
          ],
        };
      }
    },
  };
  const before = new Map(await getWeights(model));
  const losses: number[] = [];
  const watch: TrainingObserver = { name: 'watch', onStep: ({ loss }) => void losses.push(loss) };
  await train(sessionFor(plan, { config: { epochs: 3, learningRate: 0.1 }, observers: [watch] }));
  for (const [name, { data }] of await getWeights(model)) {
    if (/side|head/.test(name)) t.notDeepEqual(data, before.get(name)?.data, name);
  }
  // The cross-entropy of two classes begins near log 2, so that both losses are in the sum.
  t.true(losses[0] > 0.6 && losses.every(Number.isFinite), losses.join(', '));
  model.dispose();
});

test.serial('a signal ends after the step; continuing gives the same weights', async (t) => {
  const whole = tinyPlan([1]);
  await train(sessionFor(whole, { config: { epochs: 2 } }));
  const expected = await snapshot(whole);

  const parts = tinyPlan([1]);
  const controller = new AbortController();
  // Losses are read one step late: when the first is known, the second step is done.
  const stop: TrainingObserver = {
    name: 'stop',
    onStep({ step }) {
      if (step === 1) controller.abort();
    },
  };
  const first = sessionFor(parts, {
    config: { epochs: 2 },
    signal: controller.signal,
    observers: [stop],
  });
  t.is(await train(first), 'interrupted');
  t.is(first.state.stepInEpoch, 2);
  t.is(first.state.epoch, 0);
  const second = sessionFor(parts, { config: { epochs: 2 } });
  second.optimizer.setState((await first.capture()).optimizer);
  second.moveTo(first.state);
  t.is(await train(second), 'epochs');
  t.is(second.state.step, 6);
  t.deepEqual(await snapshot(parts), expected);
  whole.dispose();
  parts.dispose();
});

test.serial('the time limit cuts an epoch short, validates, and keeps the place', async (t) => {
  const plan = tinyPlan([1, 0.5, 0.7]);
  const results: EpochResult[] = [];
  let clock = 0;
  const slow: Trainable = {
    ...plan,
    async *batches(epoch, firstStep, steps) {
      for await (const batch of plan.batches(epoch, firstStep, steps)) {
        clock += 1000;
        yield batch;
      }
    },
  };
  // Three steps make an epoch; the limit falls after the fifth.
  const session = sessionFor(slow, {
    config: { maxMinutes: 4.5 / 60 },
    now: () => clock,
    observers: [collect(results)],
  });
  t.is(await train(session), 'time');
  const { state } = session;
  t.is(results.at(-1)?.partial, true);
  t.is(state.epoch, 1);
  t.is(state.stepInEpoch, 2);
  t.deepEqual(state.best, { epoch: 2, value: 0.5 });
  const { observers } = await session.capture();
  t.deepEqual(observers.get('early-stopping'), { values: { sinceBest: 0 } });

  // The rest of the epoch gives worse weights than its beginning did: those stay the best.
  const rest = sessionFor(plan, { config: { epochs: 2 }, observers: [collect(results)] });
  rest.moveTo(state);
  t.is(await train(rest), 'epochs');
  t.deepEqual(rest.state.best, { epoch: 2, value: 0.5 });
  t.deepEqual(
    results.map(({ epoch, partial, isBest }) => ({ epoch, partial, isBest })),
    [
      { epoch: 1, partial: false, isBest: true },
      { epoch: 2, partial: true, isBest: true },
      { epoch: 2, partial: false, isBest: false },
    ],
  );
  plan.dispose();
});

test.serial('observers are told of every update, step, epoch and the end, in order', async (t) => {
  const plan = tinyPlan([1]);
  const told: string[] = [];
  const observer: TrainingObserver = {
    name: 'told',
    onStep: ({ step, epoch }) => void told.push(`step ${step} of epoch ${epoch}`),
    onUpdate: (step) => void told.push(`update ${step}`),
    onEpoch: ({ epoch }, { state }) => void told.push(`epoch ${epoch}, ${state.epoch} done`),
    onEnd: (reason: StopReason) => void told.push(reason),
  };
  const before = await snapshot(plan);
  let first: number[] | undefined;
  const watch: TrainingObserver = {
    name: 'watch',
    async onUpdate(_, session) {
      first ??= await snapshot(session.plan);
    },
  };
  await train(sessionFor(plan, { config: { epochs: 1 }, observers: [observer, watch] }));
  t.deepEqual(told, [
    'update 1',
    'update 2',
    'step 1 of epoch 0',
    'update 3',
    'step 2 of epoch 0',
    'step 3 of epoch 0',
    'epoch 1, 1 done',
    'epochs',
  ]);
  t.notDeepEqual(first, before, 'the weights have changed when onUpdate is called');
  plan.dispose();
});

test.serial('a run that diverges or collapses ends with its reason', async (t) => {
  const wild = tinyPlan([1]);
  const session = sessionFor(
    {
      ...wild,
      loss: ([y], [p]) =>
        tf.tidy(() => tf.mean(tf.square(tf.sub(tf.mul(p, 1e30), y))) as tf.Scalar),
    },
    { config: { learningRate: 1e30 } },
  );
  const diverged = await t.throwsAsync(train(session), { instanceOf: TrainerError });
  t.is(diverged?.code, 'diverged');
  wild.dispose();

  const flat = tinyPlan([1], 0.001);
  const collapsed = await t.throwsAsync(train(sessionFor(flat)), { instanceOf: TrainerError });
  t.is(collapsed?.code, 'collapsed');
  flat.dispose();
});
