import { spawnSync } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Batch,
  type BatchPoolOpts,
  createBatchPool,
  createRng,
  createTask,
  type TaskName,
  TransformsError,
  taskNames,
  type VolumeArray,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { bits, randomVolume } from './support/volumes.js';

const shape = [16, 16, 10] as const;
const size = 16 * 16 * 10;
const cropOf = (index: number): VolumeArray => randomVolume(shape, index);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function pool(opts: Partial<BatchPoolOpts> = {}) {
  return createBatchPool<TaskName>({
    task: { name: 'genesis' },
    shape,
    batchSize: 4,
    seed: 0,
    crops: ({ index }) => cropOf(index),
    ...opts,
  });
}

/** What a batch was, when its memory has long been used again. */
const keep = (batch: Batch) => ({
  input: bits(batch.input.data.slice(0, batch.input.size)),
  target: bits(batch.target.data.slice(0, batch.target.size)),
  shape: [...batch.input.shape],
  index: batch.index,
  indices: [...batch.indices],
  labels: Object.entries(batch.labels ?? {}).map(([name, l]) => [name, l.shape, [...l.data]]),
});

async function collect(opts: Partial<BatchPoolOpts>, epoch = 0, indices = upTo(10)) {
  const made = pool(opts);
  const kept: ReturnType<typeof keep>[] = [];
  for await (const batch of made.batches({ epoch, indices })) kept.push(keep(batch));
  await made.close();
  return kept;
}

test('batches are the same bytes in the same order for any number of workers', async (t) => {
  const alone = await collect({ workers: 0 });
  t.deepEqual(
    alone.map(({ shape: s }) => s),
    [
      [4, 16, 16, 10, 1],
      [4, 16, 16, 10, 1],
      [2, 16, 16, 10, 1],
    ],
  );
  t.deepEqual(alone[1].indices, [4, 5, 6, 7]);
  for (const workers of [1, 2, 3]) {
    t.deepEqual(await collect({ workers }), alone);
    t.deepEqual(await collect({ workers, prefetch: 1 }), alone);
  }
  t.notDeepEqual((await collect({ workers: 2 }, 1))[0].input, alone[0].input);
  t.notDeepEqual((await collect({ workers: 2, seed: 1 }))[0].input, alone[0].input);
});

test('a sample depends on seed, epoch and index alone', async (t) => {
  const [first, second] = await collect({ workers: 2, batchSize: 2 }, 3, [7, 2, 9]);
  const wanted = createTask('genesis').make(cropOf(2), createRng(0, 3, 2));
  t.deepEqual(first.input.slice(size), bits(wanted.input.data));
  t.deepEqual(first.target.slice(size), bits(wanted.target.data));
  t.deepEqual(second.indices, [9]);
});

for (const name of taskNames) {
  test(`${name}: labels and channels`, async (t) => {
    const opts = {
      task: { name },
      channels: 2,
      crops: ({ index }: { index: number }) => randomVolume([...shape, 2], index),
    };
    const alone = await collect({ ...opts, workers: 0 }, 0, upTo(5));
    t.deepEqual(await collect({ ...opts, workers: 2 }, 0, upTo(5)), alone);
    t.deepEqual(alone[0].shape, [4, 16, 16, 10, 2]);
    const sample = createTask(name).make(randomVolume([...shape, 2], 1), createRng(0, 0, 1));
    t.deepEqual(alone[0].input.slice(2 * size, 4 * size), bits(sample.input.data));
    for (const [label, value] of Object.entries(sample.labels ?? {})) {
      const found = alone[0].labels.find(([n]) => n === label) as [string, number[], number[]];
      const row = typeof value === 'number' ? [value] : [...value];
      t.deepEqual(found[2].slice(row.length, 2 * row.length), row);
    }
  });
}

test('crops may be promises, strided, and on shared memory', async (t) => {
  const alone = await collect({ workers: 0 });
  const shared = (index: number): VolumeArray => {
    const data = new Float32Array(new SharedArrayBuffer(4 * size + 4));
    data.set(cropOf(index).data, 1);
    return ndarray(data, [...shape], undefined, 1);
  };
  t.deepEqual(await collect({ workers: 2, crops: ({ index }) => shared(index) }), alone);
  const late = async ({ index }: { index: number }): Promise<VolumeArray> => {
    await new Promise((resolve) => setTimeout(resolve, 20 - index));
    return cropOf(index);
  };
  t.deepEqual(await collect({ workers: 2, crops: late }), alone);
  const turned = (index: number): VolumeArray => {
    const data = new Float32Array(size);
    const view = ndarray(data, [10, 16, 16]).transpose(2, 1, 0);
    const crop = cropOf(index);
    for (let x = 0; x < 16; x++)
      for (let y = 0; y < 16; y++)
        for (let z = 0; z < 10; z++) view.set(x, y, z, crop.get(x, y, z));
    return view;
  };
  t.deepEqual(await collect({ workers: 1, crops: ({ index }) => turned(index) }), alone);
});

test('no more than prefetch batches are made ahead of the consumer', async (t) => {
  for (const [workers, prefetch, limit] of [
    [2, 3, 3],
    [1, 1, 1],
    [0, 5, 1],
  ]) {
    let asked = 0;
    const made = pool({
      workers,
      prefetch,
      crops: ({ index }) => {
        asked++;
        return cropOf(index);
      },
    });
    let taken = 0;
    for await (const batch of made.batches({ epoch: 0, indices: upTo(40) })) {
      taken++;
      t.is(batch.index, taken - 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      t.true(asked <= 4 * (taken + limit - 1), `${asked} crops after ${taken} batches`);
    }
    t.is(asked, 40);
    await made.close();
  }
});

for (const workers of [0, 2]) {
  test(`an error is thrown when its batch is reached, and the pool goes on (${workers} workers)`, async (t) => {
    const made = pool({
      workers,
      crops: ({ index }) => {
        if (index === 9) throw new RangeError('no such crop');
        const crop = cropOf(index);
        if (index === 20) crop.set(0, 0, 0, Number.NaN);
        return index === 30 ? randomVolume([16, 16, 9]) : crop;
      },
    });
    const run = async (indices: number[]): Promise<[number, unknown]> => {
      let taken = 0;
      try {
        for await (const _ of made.batches({ epoch: 0, indices })) taken++;
      } catch (error) {
        return [taken, error];
      }
      return [taken, null];
    };
    const [taken, error] = await run(upTo(20));
    t.is(taken, 2);
    t.true(error instanceof RangeError);
    const [, range] = await run(upTo(21).slice(17));
    t.true(range instanceof TransformsError);
    t.is((range as TransformsError).code, 'range');
    t.is((range as TransformsError).details.notFinite, 1);
    const [, wrong] = await run([30]);
    t.is((wrong as TransformsError).code, 'shape');
    t.deepEqual(await run(upTo(8)), [2, null]);
    await made.close();
  });

  test(`a consumer may leave early and come back (${workers} workers)`, async (t) => {
    const made = pool({ workers });
    for await (const batch of made.batches({ epoch: 0, indices: upTo(40) })) {
      if (batch.index === 1) break;
    }
    const kept: ReturnType<typeof keep>[] = [];
    for await (const batch of made.batches({ epoch: 0, indices: upTo(10) })) kept.push(keep(batch));
    t.deepEqual(kept, await collect({ workers: 0 }));
    await made.close();
  });

  test(`aborting ends an iteration with the signal's reason (${workers} workers)`, async (t) => {
    const controller = new AbortController();
    const made = pool({ workers, signal: controller.signal });
    const reason = new Error('enough');
    let taken = 0;
    const error = await t.throwsAsync(async () => {
      for await (const _ of made.batches({ epoch: 0, indices: upTo(400) })) {
        if (++taken === 3) controller.abort(reason);
      }
    });
    t.is(error, reason);
    t.is(taken, 3);
    await t.throwsAsync(made.batches({ epoch: 0, indices: [0] }).next(), { is: reason });
    t.throws(() => pool({ signal: controller.signal }), { is: reason });
  });
}

test('aborting does not wait for crops that never come', async (t) => {
  const controller = new AbortController();
  const made = pool({ workers: 1, signal: controller.signal, crops: () => new Promise(() => {}) });
  const next = made.batches({ epoch: 0, indices: upTo(8) }).next();
  setTimeout(() => controller.abort(), 20);
  const error = await next.catch((reason: unknown) => reason);
  t.is(error, controller.signal.reason);
});

test('a closed pool says so', async (t) => {
  const made = pool({ workers: 1 });
  const iterator = made.batches({ epoch: 0, indices: upTo(40) });
  await iterator.next();
  await made.close();
  await made.close();
  await t.throwsAsync(iterator.next(), { instanceOf: TransformsError, code: 'closed' });
});

test('two iterations at a time share the workers', async (t) => {
  const made = pool({ workers: 2 });
  const [a, b] = [0, 1].map((epoch) => made.batches({ epoch, indices: upTo(12) }));
  const kept: ReturnType<typeof keep>[][] = [[], []];
  for (let n = 0; n < 3; n++) {
    for (const [i, iterator] of [a, b].entries()) {
      const { value } = await iterator.next();
      kept[i].push(keep(value as Batch));
    }
  }
  t.deepEqual(kept[0], await collect({ workers: 0 }, 0, upTo(12)));
  t.deepEqual(kept[1], await collect({ workers: 0 }, 1, upTo(12)));
  await made.close();
});

test('memory is used again: epochs do not add to it', async (t) => {
  const made = pool({ workers: 2 });
  const buffers = new Set<ArrayBufferLike>();
  for (let epoch = 0; epoch < 20; epoch++) {
    for await (const { input, target } of made.batches({ epoch, indices: upTo(24) })) {
      buffers.add(input.data.buffer);
      buffers.add(target.data.buffer);
    }
  }
  // prefetch batches ahead and the one that the consumer holds, two arrays each.
  t.true(buffers.size <= 2 * (3 + 1), `${buffers.size} buffers`);
  await made.close();
});

test('crops are let go of when their batch is made', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const given: WeakRef<object>[] = [];
  const made = pool({
    workers: 0,
    crops: ({ index }) => {
      const crop = cropOf(index);
      given.push(new WeakRef(crop.data));
      return Promise.resolve(crop);
    },
  });
  for await (const batch of made.batches({ epoch: 0, indices: upTo(80) })) t.truthy(batch);
  await nextTurn();
  collect();
  const held = given.filter((reference) => reference.deref() !== undefined).length;
  t.is(given.length, 80);
  // The last batch may still be on the stack.
  t.true(held <= 8, `${held} of 80 crops are still held`);
  await made.close();
});

test('options that make no sense are refused at once', (t) => {
  t.throws(() => pool({ batchSize: 0 }), { code: 'option' });
  t.throws(() => pool({ workers: -1 }), { code: 'option' });
  t.throws(() => pool({ task: { name: 'colour' as 'genesis' } }), { code: 'unknown-task' });
  t.throws(() => pool({ task: { name: 'genesis', opts: { paintRate: 3 } } }), { code: 'option' });
  const opts = { extra: () => 0 } as object;
  t.throws(() => pool({ task: { name: 'genesis', opts } }), { code: 'option' });
});

const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const script = (body: string): string => `
  const { createBatchPool } = await import(${JSON.stringify(entry)});
  const { default: ndarray } = await import(${JSON.stringify(import.meta.resolve('ndarray'))});
  const pool = createBatchPool({ task: { name: 'identity' }, shape: [4, 4, 4], batchSize: 1, workers: 2,
    seed: 0, crops: () => ndarray(new Float32Array(64), [4, 4, 4]) });
  const all = pool.batches({ epoch: 0, indices: Array.from({ length: 200 }, (_, i) => i) });
  ${body}`;
const run = (body: string, ...flags: string[]) =>
  spawnSync(process.execPath, [...flags, '--input-type=module', '-e', script(body)], {
    encoding: 'utf8',
    timeout: 20_000,
  });

test('a forgotten pool does not keep the process alive', (t) => {
  const { status, stdout, stderr } = run('await all.next(); console.log("done");');
  t.is(status, 0, stderr);
  t.is(stdout.trim(), 'done');
});

test('a worker that dies is reported', (t) => {
  const dying = `import { isMainThread } from 'node:worker_threads';
    if (!isMainThread) setTimeout(() => process.exit(3), 100);`;
  const { stdout, stderr } = run(
    `try { for await (const _ of all) await new Promise((r) => setTimeout(r, 10)); }
     catch (error) { console.log(error.name, error.code, error.message); }`,
    '--import',
    `data:text/javascript,${encodeURIComponent(dying)}`,
  );
  t.regex(stdout, /TransformsError worker .*exit code 3/, stderr);
});
