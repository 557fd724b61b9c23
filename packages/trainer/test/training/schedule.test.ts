import { TrainerError } from '@genesis/trainer';
import test from 'ava';
import { checkLoss, checkSpread } from '#src/training/health.js';
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

test('a loss that is no number, and an output that stays constant, end the run with advice', (t) => {
  t.notThrows(() => checkLoss(0.5, 1, 1));
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const error = t.throws(() => checkLoss(loss, 7, 1), { instanceOf: TrainerError });
    t.is(error?.code, 'diverged');
    t.regex(error?.message ?? '', /at step 7; the learning rate 1 /);
  }
  t.is(checkSpread(0.001, 0, 1), 1);
  t.is(checkSpread(0.001, 1, 1), 2);
  t.is(checkSpread(0.5, 2, 1), 0);
  t.is(checkSpread(undefined, 2, 1), 0);
  t.is(t.throws(() => checkSpread(0, 2, 1), { instanceOf: TrainerError })?.code, 'collapsed');
});
