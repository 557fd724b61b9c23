import test from 'ava';
import { epochLines } from '#src/cli/epoch-lines.js';
import type { EpochResult } from '#src/training/api.js';

const result = (epoch: number, values: Record<string, number>): EpochResult => ({
  epoch,
  step: 10 * epoch,
  trainLoss: 0.5 / epoch,
  learningRate: 0.001,
  validation: { monitored: values.loss, values },
  isBest: epoch === 1,
  partial: false,
  samplesPerSecond: 12.34,
  seconds: 45 * epoch,
});

test('lines about epochs fit the terminal and keep their columns', (t) => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [`dice:label ${n}`, n / 13]),
  );
  for (const columns of [60, 80, 100, undefined]) {
    const line = epochLines(200, () => columns);
    const lines = [1, 2, 13].map((epoch) =>
      line(result(epoch, { loss: 0.25, dice: 0.5, ...many })),
    );
    for (const one of lines) t.true(one.length < (columns ?? 80), one);
    t.regex(lines[0], /^epoch {3}1\/200 {2}loss 0\.5/);
    t.regex(lines[0], /★$/);
    t.is(lines[0].indexOf('val'), lines[1].indexOf('val'));
  }
});

test('a task says which of its values a line tells', (t) => {
  const one = result(3, { loss: 0.25, explained: 0.6, ratio: 0.1 });
  const line = epochLines(
    10,
    () => 200,
  )({
    ...one,
    validation: { ...one.validation, shown: ['explained'] },
  });
  t.regex(line, /explained 0\.6/);
  t.notRegex(line, /ratio/);
  t.regex(line, /lr 0\.001 .*samples\/s 12\.34/);
});
