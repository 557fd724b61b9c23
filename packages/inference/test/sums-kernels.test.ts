import { createRng } from '@genesis/core';
import test from 'ava';
import type { SumsKernels, SumsSizes } from '#src/window/kernels/api.js';
import { typescriptSums } from '#src/window/kernels/typescript.js';
import { wasmSums } from '#src/window/kernels/wasm.js';

/** Runs the kernels through boxes of every kind and gives what is then in their memory. */
function run(open: (sizes: SumsSizes) => SumsKernels, channels: number): number[][] {
  const rng = createRng(channels);
  const shares = Float32Array.from({ length: 60 }, () => rng.uniform());
  const values = Float32Array.from(
    { length: 60 * channels },
    () => rng.uniform() * 10 ** rng.int(-30, 3),
  );
  const kernels = open({ voxels: 7 * 8 * 9, channels, shares });
  kernels.sums.fill(0);
  kernels.totals.fill(0);
  for (let n = 0; n < 200; n++) {
    const from = [rng.int(0, 2), rng.int(0, 3), rng.int(0, 4)];
    const size = [3, 4, 5].map((side, axis) =>
      rng.int(from[axis] < side ? 0 : 1, side - from[axis]),
    );
    const to = [7, 8, 9].map((side, axis) => rng.int(0, side - size[axis]));
    kernels.add(
      values,
      size,
      { offset: (from[0] * 4 + from[1]) * 5 + from[2], plane: 20, row: 5 },
      { offset: (to[0] * 8 + to[1]) * 9 + to[2], plane: 72, row: 9 },
    );
  }
  kernels.divide(3, 500);
  const found = [[...kernels.sums], [...kernels.totals]];
  kernels.release();
  return found;
}

for (const channels of [1, 2, 3, 4, 7, 8, 118]) {
  test(`WebAssembly and TypeScript give the same bits: ${channels} channels`, (t) => {
    t.deepEqual(run(wasmSums, channels), run(typescriptSums, channels));
  });
}

test('WebAssembly says when it cannot be so large', (t) => {
  const sizes = { voxels: 2 ** 31, channels: 0, shares: new Float32Array(1) };
  t.throws(() => wasmSums(sizes), { instanceOf: RangeError });
});
