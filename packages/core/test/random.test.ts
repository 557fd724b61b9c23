import { createRng, GenesisError, nextWord, rngFromState, threefry } from '@genesis/core';
import test from 'ava';

const draws = (seed: number, ...keys: number[]): number[] => {
  const rng = createRng(seed, ...keys);
  return Array.from({ length: 20 }, () => rng.uniform());
};

test('Threefry-4x32-20 gives the published known answers', (t) => {
  const run = (key: number[], counter: number[]): string[] =>
    Array.from(
      threefry(Int32Array.from(key), Int32Array.from(counter), new Int32Array(4)),
      (word) => (word >>> 0).toString(16).padStart(8, '0'),
    );
  t.deepEqual(run([0, 0, 0, 0], [0, 0, 0, 0]), ['9c6ca96a', 'e17eae66', 'fc10ecd4', '5256a7d8']);
  t.deepEqual(run([-1, -1, -1, -1], [-1, -1, -1, -1]), [
    '2a881696',
    '57012287',
    'f6c7446e',
    'a16a6732',
  ]);
  t.deepEqual(
    run(
      [0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    ),
    ['59cd1dbb', 'b8879579', '86b5d00c', 'ac8b6d84'],
  );
});

test('xoshiro128++ follows its definition, written with BigInt', (t) => {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  const s = [1n, 2n, 3n, 0xdeadbeefn];
  const stream = Int32Array.of(1, 2, 3, 0xdeadbeef);
  for (let i = 0; i < 1000; i++) {
    const wanted = (rotl((s[0] + s[3]) & mask, 7n) + s[0]) & mask;
    const shifted = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotl(s[3], 11n);
    t.is(BigInt(nextWord(stream) >>> 0), wanted);
  }
});

test('the same seed and keys give the same numbers; any other gives others', (t) => {
  t.deepEqual(draws(0), draws(0));
  const all = [draws(0), draws(1), draws(0, 0), draws(0, 1), draws(0, 0, 0), draws(0, 1, 2)];
  all.push(draws(0, 2, 1), draws(2 ** 32), draws(2 ** 53 - 1), draws(1, 0));
  t.is(new Set(all.map(String)).size, all.length);
});

test('split does not depend on what was drawn, and is what the keys of createRng are', (t) => {
  const rng = createRng(5);
  const before = rng.split(3, 4).uniform();
  rng.uniform();
  rng.normal();
  t.is(rng.split(3, 4).uniform(), before);
  t.is(rng.split(3).split(4).uniform(), before);
  t.is(createRng(5, 3, 4).uniform(), before);
});

test('a state survives JSON and continues', (t) => {
  const rng = createRng(0, 9);
  rng.uniform();
  const copy = rngFromState(JSON.parse(JSON.stringify(rng.state())));
  t.is(copy.uniform(), rng.uniform());
  t.is(copy.split(1).uniform(), rng.split(1).uniform());
});

test('uniform, int, normal and fillUniform have their distributions', (t) => {
  const rng = createRng(0, 1);
  const n = 200_000;
  const bins = new Array<number>(100).fill(0);
  for (let i = 0; i < n; i++) bins[Math.floor(rng.uniform() * 100)]++;
  // χ² with 99 degrees of freedom: 149 has p = 0.001.
  const expected = n / 100;
  t.true(bins.reduce((sum, b) => sum + (b - expected) ** 2 / expected, 0) < 149);

  const faces = new Map<number, number>();
  for (let i = 0; i < 60_000; i++) {
    const face = rng.int(-2, 3);
    faces.set(face, (faces.get(face) ?? 0) + 1);
  }
  t.deepEqual(
    [...faces.keys()].sort((a, b) => a - b),
    [-2, -1, 0, 1, 2, 3],
  );
  // χ² with 5 degrees of freedom: 20.5 has p = 0.001.
  t.true([...faces.values()].reduce((sum, f) => sum + (f - 10_000) ** 2 / 10_000, 0) < 20.5);

  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = rng.normal();
    sum += x;
    squares += x * x;
  }
  t.true(Math.abs(sum / n) < 3.3 / Math.sqrt(n));
  t.true(Math.abs(squares / n - 1) < 3.3 * Math.sqrt(2 / n));

  const floats = new Float32Array(n);
  rng.fillUniform(floats);
  t.true(floats.every((v) => v >= 0 && v < 1));
  t.true(Math.abs(floats.reduce((a, b) => a + b, 0) / n - 0.5) < 3.3 * Math.sqrt(1 / 12 / n));
  t.true(new Set(new Int32Array(floats.buffer)).size > 0.98 * n);
});

test('what is not a seed, a key or a range is refused', (t) => {
  for (const bad of [-1, 0.5, Number.NaN, 2 ** 53]) {
    t.is(t.throws(() => createRng(bad), { instanceOf: GenesisError })?.code, 'option');
    t.is(t.throws(() => createRng(0, bad), { instanceOf: GenesisError })?.code, 'option');
  }
  t.throws(() => createRng(0).int(3, 2), { instanceOf: GenesisError });
  t.throws(() => createRng(0).int(0.5, 2), { instanceOf: GenesisError });
  t.is(createRng(0).int(4, 4), 4);
});
