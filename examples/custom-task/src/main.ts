// Trains the task on a cohort and says how many years it is off:
//
//   node dist/main.js [--images FOLDER --ages TABLE.csv] [--out RUN]
//
// Without data of your own it makes up some.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate } from '@genesis/trainer';
import { registerTask, trainTask } from '@genesis/trainer/tasks';
import type { AgeEvaluation } from './evaluation.js';
import { makeCohort } from './make-cohort.js';
import { age } from './task.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    ages: { type: 'string' },
    out: { type: 'string', default: 'age-run' },
  },
});
const { images, ages, out } = values;
const cohort =
  images && ages
    ? { images, ages }
    : await makeCohort(join(out, 'cohort'), { patients: 24, seed: 0 });

registerTask(age);
const { report } = await trainTask(age, {
  task: 'age',
  ...cohort,
  out: join(out, 'run'),
  crop: [16, 16, 16],
  width: 4,
  levels: 3,
  learningRate: 1e-2,
  epochs: 30,
  validation: 0.25,
});
const evaluation = await evaluate<AgeEvaluation>({
  model: join(out, 'run'),
  images: cohort.images,
  labels: cohort.ages,
});
console.log(age.tabulate?.(evaluation));
console.log(report);
