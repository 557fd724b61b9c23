import test from 'ava';
import { type ComparedCase, drawCases } from '#src/compare/draw-cases.js';

const pool: ComparedCase[] = Array.from({ length: 20 }, (_, n) => ({
  name: `case${n}`,
  // Two scans of each patient.
  group: `patient${n >> 1}`,
  images: [`case${n}.nii`],
  label: `label${n}.nii`,
}));

const names = (cases: readonly ComparedCase[]): string[] => cases.map(({ name }) => name);

test('fewer labels are a part of more, with the same validation, and no patient is on both sides', (t) => {
  for (const seed of [1, 2, 3]) {
    const few = drawCases(pool, { labels: 3, validationCases: 1, seed });
    const many = drawCases(pool, { labels: 9, validationCases: 1, seed });
    t.deepEqual(names(few.validation), names(many.validation));
    t.deepEqual(names(few.train), names(many.train).slice(0, 3));
    const held = new Set(many.validation.map(({ group }) => group));
    t.false(many.train.some(({ group }) => held.has(group)));
  }
});

test('seeds draw different cases, the same seed the same', (t) => {
  const draw = (seed: number): string[] =>
    names(drawCases(pool, { labels: 4, validationCases: 2, seed }).train);
  t.deepEqual(draw(5), draw(5));
  t.notDeepEqual(draw(5), draw(6));
});

test('too few cases are an error that counts them', (t) => {
  t.throws(() => drawCases(pool, { labels: 20, validationCases: 1, seed: 0 }), {
    code: 'no-data',
    message:
      '20 cases to train on and 1 for validation are needed, but there are 20 beside those of the test',
  });
});
