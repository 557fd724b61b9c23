import { DEFAULT_ALPHA } from '@genesis/core/kernels';
import test from 'ava';
import { loadAddon } from '#src/addon.js';
import { binaryKernels } from '#src/kernels/binary.js';
import { unaryKernels } from '#src/kernels/unary.js';

test('the addon numbers every operation that kernels ask for, and no other', (t) => {
  const addon = loadAddon();
  const named = (numbers: Readonly<Record<string, number>>): string[] => {
    const names = Object.keys(numbers);
    t.deepEqual(
      names.map((name) => numbers[name]),
      names.map((_, i) => i),
    );
    return names;
  };
  t.deepEqual(named(addon.unaryOps), [...Object.keys(unaryKernels), 'Scale']);
  t.deepEqual([...named(addon.binaryOps), ...named(addon.compareOps)], Object.keys(binaryKernels));
  t.deepEqual(named(addon.reduceOps), ['Sum', 'Max', 'Min']);
  t.deepEqual(named(addon.activations), Object.keys(DEFAULT_ALPHA));
});

test('a number that no operation has is refused', (t) => {
  const addon = loadAddon();
  const x = new Float32Array(4);
  for (const op of [-1, Object.keys(addon.unaryOps).length, undefined as never]) {
    t.throws(() => addon.unary(op, 0, 0, x, x), { code: 'invalid-argument' });
  }
});
