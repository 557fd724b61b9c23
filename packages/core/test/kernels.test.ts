import * as kernels from '@genesis/core/kernels';
import test from 'ava';

test('every kernel is listed once, under the name that it is exported by', (t) => {
  const exported = Object.entries(kernels).filter(([name]) => name.startsWith('Genesis'));
  t.deepEqual(exported.map(([, name]) => name).sort(), [...kernels.GENESIS_KERNELS].sort());
  for (const [name, value] of exported) t.is(value, name);
});

test('what alpha is when nothing is said', (t) => {
  t.deepEqual(kernels.DEFAULT_ALPHA, { linear: 0, relu: 0, leakyRelu: 0.01, elu: 1 });
});
