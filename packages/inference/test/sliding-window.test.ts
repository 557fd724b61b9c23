import { slidingWindow } from '@genesis/inference';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { gaussianWindow } from '#src/window/gaussian.js';
import { windowStarts } from '#src/window/window-starts.js';

test('windows cover the whole length and overlap enough', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 64 }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      (length, window, overlap) => {
        const starts = windowStarts(length, window, overlap);
        if (starts[0] !== 0) return false;
        if (length <= window) return starts.length === 1;
        if (starts.at(-1) !== length - window) return false;
        const stride = Math.max(1, Math.floor(window * (1 - overlap)));
        return starts.every((start, n) => n === 0 || start - starts[n - 1] <= stride);
      },
    ),
    { seed: 3, numRuns: 300 },
  );
  t.deepEqual(windowStarts(64, 32, 0.5), [0, 16, 32]);
});

test('the Gaussian is symmetric, one in the middle, and never zero', (t) => {
  const weights = gaussianWindow([5, 5, 5]);
  t.is(weights[62], 1);
  t.is(weights[0], weights[124]);
  t.true(weights.every((weight) => weight >= Math.fround(1e-3)));
});

for (const shape of [
  [20, 17, 9],
  [8, 8, 8],
  [5, 30, 3],
]) {
  test(`a network that changes nothing gives the volume back: ${shape.join('×')}`, async (t) => {
    const [nx, ny, nz] = shape;
    const values = Float32Array.from({ length: nx * ny * nz }, (_, n) => (n * 7919) % 1000);
    const volume = ndarray(values, shape, [1, nx, nx * ny]);
    let calls = 0;
    const out = await slidingWindow(volume, {
      window: [8, 8, 8],
      channels: 2,
      apply: async (window) => {
        calls++;
        return Float32Array.from({ length: 1024 }, (_, n) =>
          n % 2 === 0 ? window.data[n >> 1] : -window.data[n >> 1],
        );
      },
    });
    t.deepEqual(out.shape, [...shape, 2]);
    let worst = 0;
    for (let i = 0; i < nx; i++) {
      for (let j = 0; j < ny; j++) {
        for (let k = 0; k < nz; k++) {
          const value = volume.get(i, j, k);
          worst = Math.max(
            worst,
            Math.abs(out.get(i, j, k, 0) - value),
            Math.abs(out.get(i, j, k, 1) + value),
          );
        }
      }
    }
    t.true(worst < 1e-2, `${worst}`);
    t.true(calls >= 1);
  });
}

test('windows of several volumes at a time, and one after the other, do not mix', async (t) => {
  const slide = (seed: number, side: number) =>
    slidingWindow(
      ndarray(
        Float32Array.from({ length: side ** 3 }, (_, n) => (n * seed) % 101),
        [side, side, side],
      ),
      {
        window: [4, 4, 4],
        channels: 3,
        apply: async (window) =>
          Float32Array.from({ length: 192 }, (_, n) => window.data[Math.floor(n / 3)] * (n % 3)),
      },
    );
  const cases = [
    [7, 12],
    [11, 5],
    [13, 9],
  ] as const;
  const together = await Promise.all(cases.map(([seed, side]) => slide(seed, side)));
  for (const [n, [seed, side]] of cases.entries()) {
    t.deepEqual((await slide(seed, side)).data, together[n].data);
  }
});
