import * as core from '@genesis/core';
import * as kernels from '@genesis/core/kernels';
import * as node from '@genesis/core/node';
import test from 'ava';

test('the exported names', (t) => {
  t.snapshot(Object.keys(core).sort());
  t.snapshot(Object.keys(node).sort());
  t.snapshot(Object.keys(kernels).sort());
});
