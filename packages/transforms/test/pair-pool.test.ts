import {
  type AugmentationSpec,
  createAugmentation,
  createPairPool,
  createRng,
  type LabelArray,
  type Pair,
  type PairBatch,
  type PairPoolOpts,
  TransformsError,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { ballLabels, smoothVolume } from './support/pairs.js';
import { bits, strided } from './support/volumes.js';

const shape = [12, 10, 9] as const;
const source = [17, 15, 13];
const size = 12 * 10 * 9;
const augmentation: AugmentationSpec = { name: 'nnunet', opts: { patch: shape } };
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const pairOf = (index: number): Pair => ({
  image: smoothVolume(source, index),
  label: ballLabels(source),
});

function pool(opts: Partial<PairPoolOpts> = {}) {
  return createPairPool({
    augmentation,
    shape,
    label: 'uint8',
    batchSize: 4,
    seed: 0,
    pairs: ({ index }) => pairOf(index),
    ...opts,
  });
}

/** What a batch was, when its memory has long been used again. */
const keep = (batch: PairBatch) => ({
  image: bits(batch.image.data.slice(0, batch.image.size)),
  shape: [...batch.image.shape],
  label: batch.label?.data.slice(0, batch.label.size),
  labelShape: batch.label?.shape.slice(),
  index: batch.index,
  indices: [...batch.indices],
  factors: structuredClone(batch.factors),
});

async function collect(opts: Partial<PairPoolOpts> = {}, epoch = 0, indices = upTo(10)) {
  const made = pool(opts);
  const kept: ReturnType<typeof keep>[] = [];
  for await (const batch of made.batches({ epoch, indices })) kept.push(keep(batch));
  await made.close();
  return kept;
}

test('batches are the same bytes in the same order for any number of workers', async (t) => {
  const alone = await collect({ workers: 0, factors: true });
  t.deepEqual(
    alone.map(({ shape: s }) => s),
    [
      [4, ...shape, 1],
      [4, ...shape, 1],
      [2, ...shape, 1],
    ],
  );
  t.deepEqual(alone[2].labelShape, [2, ...shape]);
  for (const workers of [1, 2, 3]) {
    t.deepEqual(await collect({ workers, factors: true }), alone);
    t.deepEqual(await collect({ workers, factors: true, prefetch: 1 }), alone);
  }
  t.notDeepEqual((await collect({ workers: 2 }, 1))[0].image, alone[0].image);
  t.notDeepEqual((await collect({ workers: 2, seed: 1 }))[0].image, alone[0].image);
});

test('a sample depends on seed, epoch and index alone, and replays from its factors', async (t) => {
  const [first, second] = await collect({ workers: 2, batchSize: 2, factors: true }, 3, [7, 2, 9]);
  const wanted = createAugmentation(augmentation).make(pairOf(2), createRng(0, 3, 2));
  t.deepEqual(first.image.slice(size), bits(wanted.image.data));
  t.deepEqual([...(first.label ?? [])].slice(size), [...(wanted.label as LabelArray).data]);
  t.deepEqual(second.indices, [9]);
  const logged = JSON.parse(JSON.stringify(first.factors)) as unknown[];
  t.deepEqual(logged[1], wanted.factors);
  const again = createAugmentation(augmentation).apply(pairOf(2), logged[1]);
  t.deepEqual(bits(again.image.data), bits(wanted.image.data));
});

test('channels, several maps, 16 bits, and no label', async (t) => {
  const labels = (): LabelArray => {
    const one = ballLabels(source, Uint16Array, 700).data;
    const data = new Uint16Array(2 * one.length);
    for (const [i, v] of one.entries()) data.set([v, v % 7], 2 * i);
    return ndarray(data, [...source, 2]);
  };
  const opts: Partial<PairPoolOpts> = {
    channels: 3,
    label: 'uint16',
    maps: 2,
    pairs: ({ index }) => ({ image: smoothVolume([...source, 3], index), label: labels() }),
  };
  const alone = await collect({ ...opts, workers: 0 }, 0, upTo(5));
  t.deepEqual(await collect({ ...opts, workers: 2 }, 0, upTo(5)), alone);
  t.deepEqual(alone[0].shape, [4, ...shape, 3]);
  t.deepEqual(alone[0].labelShape, [4, ...shape, 2]);
  t.true([...(alone[0].label ?? [])].some((v) => v > 255));
  const bare = await collect({ workers: 1, label: undefined });
  t.is(bare[0].label, undefined);
  t.deepEqual(bare[0].image, (await collect({ workers: 0 }))[0].image);
});

test('without an augmentation, the middle is cut out', async (t) => {
  const [batch] = await collect({ workers: 1, augmentation: undefined }, 0, [3]);
  const { image } = pairOf(3);
  t.is(batch.image[0], bits(Float32Array.of(image.get(2, 2, 2)))[0]);
});

test('pairs may be promises, strided, int16, of different sizes, and on shared memory', async (t) => {
  const alone = await collect({ workers: 0 });
  const late = async ({ index }: { index: number }): Promise<Pair> => {
    await new Promise((resolve) => setTimeout(resolve, 20 - index));
    return { image: strided(pairOf(index).image), label: ballLabels(source, Int16Array) };
  };
  t.deepEqual(await collect({ workers: 2, pairs: late }), alone);
  const shared = ({ index }: { index: number }): Pair => {
    const { image, label } = pairOf(index);
    const voxels = new Float32Array(new SharedArrayBuffer(4 * image.size));
    const classes = new Uint8Array(new SharedArrayBuffer(image.size));
    voxels.set(image.data);
    classes.set((label as LabelArray).data);
    return { image: ndarray(voxels, source), label: ndarray(classes, source) };
  };
  t.deepEqual(await collect({ workers: 2, pairs: shared }), alone);
  const sizes = ({ index }: { index: number }): Pair => {
    const own = source.map((n) => n + index);
    return { image: smoothVolume(own, index), label: ballLabels(own) };
  };
  t.deepEqual(
    await collect({ workers: 2, pairs: sizes }),
    await collect({ workers: 0, pairs: sizes }),
  );
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
      pairs: ({ index }) => {
        asked++;
        return pairOf(index);
      },
    });
    let taken = 0;
    for await (const batch of made.batches({ epoch: 0, indices: upTo(24) })) {
      taken++;
      t.is(batch.index, taken - 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      t.true(asked <= 4 * (taken + limit - 1), `${asked} pairs after ${taken} batches`);
    }
    t.is(asked, 24);
    await made.close();
  }
});

for (const workers of [0, 2]) {
  test(`an error is thrown when its batch is reached, and the pool goes on (${workers} workers)`, async (t) => {
    const made = pool({
      workers,
      pairs: ({ index }) => {
        if (index === 9) throw new RangeError('no such pair');
        if (index === 20) return { image: pairOf(20).image };
        if (index === 30) return { image: pairOf(30).image, label: ballLabels([3, 3, 3]) };
        return pairOf(index);
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
    const [, missing] = await run([20]);
    t.regex((missing as Error).message, /Pair 20 has no label/);
    const [, wrong] = await run([30]);
    t.true(wrong instanceof TransformsError);
    t.is((wrong as TransformsError).code, 'shape');
    t.deepEqual(await run(upTo(8)), [2, null]);
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
    t.throws(() => pool({ signal: controller.signal }), { message: 'enough' });
  });

  test(`closing ends an iteration, and a consumer may leave early and come back (${workers} workers)`, async (t) => {
    const made = pool({ workers });
    for await (const batch of made.batches({ epoch: 0, indices: upTo(40) })) {
      if (batch.index === 1) break;
    }
    let taken = 0;
    const error = await t.throwsAsync(async () => {
      for await (const _ of made.batches({ epoch: 0, indices: upTo(400) })) {
        if (++taken === 2) await made.close();
      }
    });
    t.is((error as TransformsError).code, 'closed');
  });
}

test('options that make no sense are refused at once', (t) => {
  t.throws(() => pool({ augmentation: { name: 'blue' } as unknown as AugmentationSpec }), {
    code: 'unknown-augmentation',
  });
  t.throws(() => pool({ augmentation: { name: 'mirror', opts: { rate: 2 } } }), { code: 'option' });
  t.throws(() => pool({ augmentation: { name: 'mirror', opts: { channelAxis: 'first' } } }), {
    code: 'option',
  });
  t.throws(() => pool({ batchSize: 0 }), { code: 'option' });
  t.throws(() => pool({ maps: 0 }), { code: 'option' });
});
