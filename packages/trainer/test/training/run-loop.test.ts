import { TrainerError } from '@genesis/trainer';
import { adam, getWeights, meanSquaredError, selectEngine, sgd, unet3d } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import type { EpochResult, LoopOpts, TrainBatch, TrainingTask } from '#src/training/api.js';
import { initialState, runLoop } from '#src/training/run-loop.js';

await selectEngine('cpu');

const schedule = {
  kind: 'constant',
  learningRate: 0.01,
  factor: 0.5,
  everyEpochs: 1,
  epochs: 1,
} as const;

/** A network of a few weights on 4×4×4 crops; validation values are given. */
function tinyTask(values: readonly number[], spread?: number): TrainingTask & { dispose(): void } {
  const model = unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2, seed: 0 });
  let validated = 0;
  return {
    model,
    stepsPerEpoch: 3,
    batchSize: 2,
    loss: meanSquaredError,
    async *batches(epoch, firstStep): AsyncGenerator<TrainBatch> {
      for (let step = firstStep; step < 3; step++) {
        const values = Float32Array.from({ length: 128 }, (_, n) => Math.sin(n + epoch * 3 + step));
        const x = tf.tensor(values, [2, 4, 4, 4, 1]);
        yield { x, y: tf.tidy(() => tf.abs(x)) };
      }
    },
    async validate() {
      const loss = values[Math.min(validated++, values.length - 1)];
      return { monitored: loss, values: { loss }, ...(spread === undefined ? {} : { spread }) };
    },
    dispose: () => model.dispose(),
  };
}

type Overrides = Partial<Omit<LoopOpts, 'task'>>;

function optsFor(task: TrainingTask, results: EpochResult[], overrides: Overrides = {}): LoopOpts {
  return {
    task,
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
    schedule,
    epochs: 5,
    patience: 10,
    hooks: {
      onStep: () => undefined,
      onEpoch: async (result) => void results.push(result),
    },
    ...overrides,
  };
}

async function snapshot(task: TrainingTask): Promise<number[]> {
  return [...(await getWeights(task.model)).values()].flatMap(({ data }) => [...data]);
}

test.serial('steps leave no tensor behind, with every optimiser and with clipping', async (t) => {
  for (const optimizer of [
    sgd({ learningRate: 0.01, momentum: 0.9 }),
    adam({ learningRate: 0.01 }),
  ]) {
    const task = tinyTask([1]);
    const counts: number[] = [];
    const opts = optsFor(task, [], { optimizer, clipNorm: 0.5, epochs: 4 });
    const hooks = { ...opts.hooks, onEpoch: async () => void counts.push(tf.memory().numTensors) };
    await runLoop({ ...opts, hooks }, initialState(schedule));
    t.is(counts.length, 4);
    t.is(new Set(counts).size, 1, counts.join(', '));
    task.dispose();
    optimizer.dispose();
  }
});

test.serial('the best epoch is remembered and patience ends the run', async (t) => {
  const task = tinyTask([3, 2, 2.5, 2.4, 2.3, 1]);
  const results: EpochResult[] = [];
  const { state, reason } = await runLoop(
    optsFor(task, results, { epochs: 9, patience: 3 }),
    initialState(schedule),
  );
  t.is(reason, 'early-stopping');
  t.deepEqual(state.best, { epoch: 2, value: 2 });
  t.deepEqual(
    results.map(({ isBest }) => isBest),
    [true, true, false, false, false],
  );
  t.is(state.step, 15);
  t.is(state.sinceBest, 3);
  task.dispose();
});

test.serial('gradients can be replaced between backward and update', async (t) => {
  const task = tinyTask([1]);
  const before = await snapshot(task);
  const names = new Set<string>();
  const reduceGradients: LoopOpts['reduceGradients'] = async (gradients) => {
    for (const name of Object.keys(gradients)) names.add(name);
    const none = tf.tidy(() =>
      Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.zerosLike(g)])),
    );
    tf.dispose(gradients);
    return none;
  };
  await runLoop(optsFor(task, [], { epochs: 1, reduceGradients }), initialState(schedule));
  t.deepEqual(await snapshot(task), before);
  t.true(names.has('encoder.0.a.conv.kernel') && names.has('head.conv.bias'));
  await runLoop(optsFor(task, [], { epochs: 1 }), initialState(schedule));
  t.notDeepEqual(await snapshot(task), before);
  task.dispose();
});

test.serial('a signal ends after the step; continuing gives the same weights', async (t) => {
  const whole = tinyTask([1]);
  await runLoop(optsFor(whole, [], { epochs: 2 }), initialState(schedule));
  const expected = await snapshot(whole);

  const parts = tinyTask([1]);
  const controller = new AbortController();
  const opts = optsFor(parts, [], { epochs: 2, signal: controller.signal });
  // Losses are read one step late: when the first is known, the second step is done.
  const hooks = {
    ...opts.hooks,
    onStep: ({ step }: { step: number }) => {
      if (step === 1) controller.abort();
    },
  };
  const first = await runLoop({ ...opts, hooks }, initialState(schedule));
  t.is(first.reason, 'interrupted');
  t.is(first.state.stepInEpoch, 2);
  t.is(first.state.epoch, 0);
  const { signal: _, ...again } = opts;
  const second = await runLoop(again, first.state);
  t.is(second.reason, 'epochs');
  t.is(second.state.step, 6);
  t.deepEqual(await snapshot(parts), expected);
  whole.dispose();
  parts.dispose();
});

test.serial('the time limit cuts an epoch short, validates, and keeps the place', async (t) => {
  const task = tinyTask([1, 0.5]);
  const results: EpochResult[] = [];
  let clock = 0;
  const slow: TrainingTask = {
    ...task,
    async *batches(epoch, firstStep) {
      for await (const batch of task.batches(epoch, firstStep)) {
        clock += 1000;
        yield batch;
      }
    },
  };
  // Three steps make an epoch; the limit falls after the fifth.
  const opts = optsFor(slow, results, { maxSeconds: 4.5, now: () => clock });
  const { state, reason } = await runLoop(opts, initialState(schedule));
  t.is(reason, 'time');
  t.is(results.at(-1)?.partial, true);
  t.is(state.epoch, 1);
  t.is(state.stepInEpoch, 2);
  t.deepEqual(state.best, { epoch: 2, value: 0.5 });
  t.is(state.sinceBest, 0);
  task.dispose();
});

test.serial('a run that diverges or collapses ends with its reason', async (t) => {
  const wild = tinyTask([1]);
  const high = { ...schedule, learningRate: 1e30 };
  const optimizer = sgd({ learningRate: 1e30, momentum: 0.9 });
  const diverged = await t.throwsAsync(
    runLoop(
      optsFor(
        {
          ...wild,
          loss: (y, p) =>
            tf.tidy(() => tf.mean(tf.square(tf.sub(tf.mul(p, 1e30), y))) as tf.Scalar),
        },
        [],
        {
          optimizer,
          schedule: high,
        },
      ),
      initialState(high),
    ),
    { instanceOf: TrainerError },
  );
  t.is(diverged?.code, 'diverged');
  wild.dispose();

  const flat = tinyTask([1], 0.001);
  const collapsed = await t.throwsAsync(runLoop(optsFor(flat, []), initialState(schedule)), {
    instanceOf: TrainerError,
  });
  t.is(collapsed?.code, 'collapsed');
  flat.dispose();
});
