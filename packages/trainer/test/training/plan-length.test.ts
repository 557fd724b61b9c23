import test from 'ava';
import { initialSchedule, rateAt, type ScheduleOpts, scheduleOf } from '#src/training/schedule.js';
import { divide } from '#src/training/tune/plan-length.js';

const base = {
  epochs: 4,
  optimizer: 'sgd',
  learningRate: 1,
  schedule: 'poly',
  scheduleFactor: 0.5,
} as const;

function rates(opts: ScheduleOpts, steps: number): number[] {
  const state = initialSchedule(opts);
  return Array.from({ length: steps }, (_, step) => rateAt(opts, state, step));
}

function near(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, n) => Math.abs(value - b[n]) < 1e-12);
}

test("nnU-Net's schedule falls with every step and ends at zero", (t) => {
  const opts = scheduleOf(base, { epochs: 2, stepsPerEpoch: 5 });
  const found = rates(opts, 11);
  t.true(
    near(
      found,
      Array.from({ length: 11 }, (_, n) => (1 - n / 10) ** 0.9),
    ),
  );
  const linear = scheduleOf({ ...base, schedulePower: 1 }, { epochs: 1, stepsPerEpoch: 4 });
  t.deepEqual(rates(linear, 4), [1, 0.75, 0.5, 0.25]);
});

test('a warm-up rises to the rate, then the schedule follows in what is left', (t) => {
  const opts = scheduleOf(
    { ...base, warmUp: 0.4, schedulePower: 1 },
    { epochs: 2, stepsPerEpoch: 5 },
  );
  t.true(
    near(rates(opts, 11), [0.2, 0.4, 0.6, 0.8, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 0]),
    String(rates(opts, 11)),
  );
  const constant = scheduleOf(
    { ...base, schedule: 'constant', warmUp: 0.2 },
    { epochs: 1, stepsPerEpoch: 10 },
  );
  t.true(near(rates(constant, 4), [1 / 3, 2 / 3, 1, 1]));
});

test('the decoder alone has a tooth of its own before', (t) => {
  const opts = scheduleOf(
    { ...base, decoderFirst: 0.4, warmUp: 0.2, schedulePower: 1 },
    { epochs: 1, stepsPerEpoch: 10 },
  );
  t.true(
    near(rates(opts, 11), [1 / 3, 2 / 3, 1, 1 / 2, 1 / 3, 2 / 3, 1, 3 / 4, 1 / 2, 1 / 4, 0]),
    String(rates(opts, 11)),
  );
});

test('a time becomes whole epochs, about fifty, of 10 to 250 steps', (t) => {
  const quick = { secondsPerStep: 0.1, secondsPerValidation: 0.2, epochs: 1000 };
  t.deepEqual(divide({ ...quick, seconds: 600 }), { epochs: 49, stepsPerEpoch: 120 });
  t.deepEqual(divide({ ...quick, seconds: 10_000 }), { epochs: 396, stepsPerEpoch: 250 });
  t.deepEqual(divide({ ...quick, seconds: 20 }), { epochs: 10, stepsPerEpoch: 18 });
  t.deepEqual(divide({ ...quick, seconds: 600, stepsPerEpoch: 500 }), {
    epochs: 11,
    stepsPerEpoch: 500,
  });
  t.deepEqual(divide({ ...quick, seconds: 600, epochs: 7 }), { epochs: 7, stepsPerEpoch: 120 });
});

test('validations take a tenth of the time at most, and a time that is too short is one short epoch', (t) => {
  const slow = { secondsPerStep: 0.1, secondsPerValidation: 20, epochs: 1000 };
  t.deepEqual(divide({ ...slow, seconds: 4000 }), { epochs: 20, stepsPerEpoch: 1800 });
  t.deepEqual(divide({ ...slow, seconds: 60 }), { epochs: 1, stepsPerEpoch: 400 });
  t.deepEqual(divide({ ...slow, seconds: 0.05 }), { epochs: 1, stepsPerEpoch: 1 });
});
