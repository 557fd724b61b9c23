import { TrainerError } from '@genesis/trainer';
import test from 'ava';
import type { TrainingSession } from '#src/training/observer.js';
import { health } from '#src/training/observers/health.js';
import { initialSchedule, nextSchedule } from '#src/training/schedule.js';

function rates(opts: Parameters<typeof initialSchedule>[0], losses: readonly number[]): number[] {
  let state = initialSchedule(opts);
  return losses.map((loss, n) => {
    state = nextSchedule(opts, state, n + 1, loss);
    return state.learningRate;
  });
}

test('step halves every so many epochs', (t) => {
  const opts = { kind: 'step', learningRate: 1, factor: 0.5, everyEpochs: 2, epochs: 9 } as const;
  t.deepEqual(rates(opts, [1, 1, 1, 1, 1]), [1, 0.5, 0.5, 0.25, 0.25]);
});

test('plateau waits for improvement', (t) => {
  const opts = {
    kind: 'plateau',
    learningRate: 1,
    factor: 0.1,
    everyEpochs: 2,
    epochs: 9,
  } as const;
  t.deepEqual(
    rates(opts, [5, 4, 4, 4, 3, 3, 3, 3, 3]).map((rate) => Number(rate.toPrecision(6))),
    [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001],
  );
});

test('cosine ends at zero, constant does not move', (t) => {
  const opts = { learningRate: 1, factor: 0.5, everyEpochs: 1, epochs: 4 };
  const cosine = rates({ ...opts, kind: 'cosine' }, [1, 1, 1, 1]);
  t.true(Math.abs(cosine[1] - 0.5) < 1e-12);
  t.true(Math.abs(cosine[3]) < 1e-12);
  t.deepEqual(rates({ ...opts, kind: 'constant' }, [1, 1]), [1, 1]);
});

test('a loss that is no number, and an output that stays constant, end the run with advice', async (t) => {
  const session = { optimizer: { learningRate: 1 } } as TrainingSession;
  const step = { epoch: 0, stepInEpoch: 1, samplesPerSecond: 1 };
  const watch = health();
  t.notThrows(() => watch.onStep?.({ ...step, loss: 0.5, step: 1 }, session));
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const error = t.throws(() => watch.onStep?.({ ...step, loss, step: 7 }, session), {
      instanceOf: TrainerError,
    });
    t.is(error?.code, 'diverged');
    t.regex(error?.message ?? '', /at step 7; the learning rate 1 /);
  }
  /** The count after an epoch with this spread, the count before given. */
  const count = async (spread: number | undefined, flat: number, partial = false) => {
    const again = health();
    await again.restore?.({ values: { flat } }, session);
    await again.onEpoch?.(
      {
        epoch: 1,
        step: 1,
        trainLoss: 1,
        learningRate: 1,
        validation: { monitored: 1, values: {}, spread },
        isBest: true,
        partial,
        samplesPerSecond: 1,
        seconds: 1,
      },
      session,
    );
    return (await again.state?.())?.values;
  };
  t.deepEqual(await count(0.001, 0), { flat: 1 });
  t.deepEqual(await count(0.001, 1), { flat: 2 });
  t.deepEqual(await count(0.5, 2), { flat: 0 });
  t.deepEqual(await count(undefined, 2), { flat: 0 });
  t.deepEqual(
    await count(0.001, 2, true),
    { flat: 2 },
    'an epoch that was cut short does not count',
  );
  const error = await t.throwsAsync(count(0, 2), { instanceOf: TrainerError });
  t.is(error?.code, 'collapsed');
});
