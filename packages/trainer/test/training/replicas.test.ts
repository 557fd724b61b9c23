import test from 'ava';
import ndarray from 'ndarray';
import { agreeToStop } from '#src/training/agree-to-stop.js';
import { batchShare } from '#src/training/replicas/batch-share.js';
import { checkAlike } from '#src/training/replicas/check-alike.js';
import { singleProcess } from '#src/training/replicas/replicas.js';

test('shares of a batch are every sample once, whatever the number of replicas', (t) => {
  for (const batch of [1, 4, 6, 7]) {
    const steps = 3;
    const expected = Array.from({ length: steps * batch }, (_, n) => n);
    for (let size = 1; size <= batch; size++) {
      const shares = Array.from({ length: size }, (_, rank) => batchShare(batch, { rank, size }));
      const sizes = shares.map((share) => share.size);
      t.true(Math.max(...sizes) - Math.min(...sizes) <= 1);
      const places: number[] = [];
      for (let step = 0; step < steps; step++) {
        for (const share of shares) {
          for (let n = 0; n < share.size; n++) places.push(share.placeOf(step * share.size + n));
        }
      }
      t.deepEqual(places, expected);
    }
  }
  t.throws(() => batchShare(2, { rank: 0, size: 3 }), { code: 'bad-config' });
});

test('all stop when one would, an interruption before the time', async (t) => {
  t.is(await agreeToStop(singleProcess, 'time'), 'time');
  t.is(await agreeToStop(singleProcess, undefined), undefined);
  const beside = (others: readonly number[]) => ({
    ...singleProcess,
    size: 2,
    async sum(values: Float64Array) {
      others.forEach((value, n) => {
        values[n] += value;
      });
    },
  });
  t.is(await agreeToStop(beside([0, 0]), undefined), undefined);
  t.is(await agreeToStop(beside([0, 1]), undefined), 'time');
  t.is(await agreeToStop(beside([1, 0]), 'time'), 'interrupted');
});

test('what is not alike is named with rank and host', async (t) => {
  const weights = (value: number) => new Map([['w', ndarray(Float32Array.of(value), [1])]]);
  const record = (key: string) => ({ key, bytes: 10, header: 'h' });
  const first = {
    config: { seed: 1, threads: 2 },
    data: [record('a'), record('b')],
    tensors: [weights(1)],
  };
  /** What rank 1 says when rank 0 has `first`: both are asked in turn, so that each hears the other. */
  const compare = async (other: typeof first): Promise<unknown> => {
    const heard: string[] = [];
    const replicas = (rank: number) => ({
      ...singleProcess,
      rank,
      size: 2,
      hosts: ['north', 'south'],
      async gather(text: string) {
        if (rank === 0) heard.push(text);
        return rank === 0 ? [text, text] : [heard.shift() ?? '', text];
      },
    });
    await checkAlike(replicas(0), first);
    // What a difference is about is asked for a second time.
    heard.push(JSON.stringify(other.data === first.data ? [['seed', 1]] : first.data));
    return checkAlike(replicas(1), other).catch((error: unknown) => error);
  };
  t.is(await compare({ ...first, config: { seed: 1, threads: 8 } }), undefined);
  t.like(await compare({ ...first, config: { seed: 2, threads: 2 } }), {
    code: 'replicas-differ',
    message:
      'rank 1 on south has other options than rank 0 on north (seed is 2, not 1): all processes must be started alike and see the same files',
  });
  t.like(await compare({ ...first, data: [record('a')] }), {
    code: 'replicas-differ',
    message:
      'rank 1 on south has other data than rank 0 on north (b is gone): all processes must be started alike and see the same files',
  });
  const changed = (await compare({ ...first, tensors: [weights(2)] })) as Error;
  t.regex(changed.message, /rank 1 on south has other weights to start from than rank 0 on north/);
});
