import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { pretrain, type TrainingObserver } from '@genesis/trainer';
import { getWeights, type NamedNdArrays } from '@genesis/unet3d';
import test from 'ava';
import ndarray from 'ndarray';
import { singleProcess } from '#src/training/replicas/replicas.js';
import { writePhantoms } from '../helpers/volumes.js';

/** Keeps an average of the weights and counts the updates: a memory of arrays and of plain data. */
function averaged(): TrainingObserver & { average: NamedNdArrays; updates: number } {
  return {
    name: 'averaged',
    average: new Map(),
    updates: 0,
    async onUpdate(_, { plan }) {
      this.updates++;
      for (const [name, { data, shape }] of await getWeights(plan.model)) {
        const before = this.average.get(name)?.data ?? data;
        const mixed = Float32Array.from(data, (value, n) => 0.9 * before[n] + 0.1 * value);
        this.average.set(name, ndarray(mixed, shape));
      }
    },
    state() {
      return { values: { updates: this.updates }, tensors: this.average };
    },
    restore(saved) {
      this.updates = (saved?.values as { updates: number } | undefined)?.updates ?? 0;
      this.average = new Map(saved?.tensors);
    },
  };
}

const small = {
  crop: [16, 16, 16],
  width: 2,
  levels: 2,
  batch: 2,
  cropsPerVolume: 4,
  validationCrops: 4,
} as const;

test.serial('what an observer remembers is in the checkpoint and comes back', async (t) => {
  const folder = await tempFolder(t);
  await writePhantoms(join(folder, 'in'), 3, [24, 24, 24]);
  const run = (name: string, observer: TrainingObserver, epochs: number, resume = false) =>
    pretrain({
      ...small,
      images: join(folder, 'in'),
      out: join(folder, name),
      epochs,
      resume,
      observers: [observer],
    });
  const whole = averaged();
  await run('whole', whole, 3);
  await run('parts', averaged(), 1);
  const resumed = averaged();
  await run('parts', resumed, 3, true);
  t.is(whole.updates, 12);
  t.is(resumed.updates, 12);
  t.true(whole.average.size > 10);
  for (const [name, { data }] of whole.average) {
    t.deepEqual(resumed.average.get(name)?.data, data, name);
  }
  // A run that was not watched before is resumed with nothing to remember.
  const late = averaged();
  await run('unwatched', { name: 'nothing' }, 1);
  await run('unwatched', late, 2, true);
  t.is(late.updates, 4);
});

test.serial('only the first of several processes writes', async (t) => {
  const folder = await tempFolder(t);
  await writePhantoms(join(folder, 'in'), 2, [24, 24, 24]);
  const told: string[] = [];
  const result = await pretrain({
    ...small,
    images: join(folder, 'in'),
    out: join(folder, 'run'),
    epochs: 1,
    replicas: {
      ...singleProcess,
      rank: 1,
      size: 2,
      async broadcast(arrays) {
        told.push('broadcast');
        return arrays;
      },
      async barrier() {
        told.push('barrier');
      },
    },
  });
  t.is(result.reason, 'epochs');
  t.deepEqual(
    told,
    ['barrier', 'broadcast'],
    'it waits for the folder and takes the first weights',
  );
  t.deepEqual(await readdir(folder), ['in']);
});
