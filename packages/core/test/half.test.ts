import { readFileSync } from 'node:fs';
import { float16ToFloat32, float32ToFloat16 } from '@genesis/core';
import test from 'ava';

test('halves round as those of numpy and PyTorch: ties to even, subnormals, limits, infinities', (t) => {
  const path = new URL('../../test/fixtures/half.json', import.meta.url);
  const pairs = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number[]>;
  const source = new Float32Array(Uint32Array.from(pairs.float32).buffer);
  t.deepEqual([...float32ToFloat16(source)], pairs.float16);
});

test('every half that is no NaN comes back as it was', (t) => {
  const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
  const halves = all.filter((bits) => (bits & 0x7fff) <= 0x7c00);
  t.deepEqual(float32ToFloat16(float16ToFloat32(halves)), halves);
});

test('NaN stays NaN, and a view is read from where it starts', (t) => {
  const view = Float32Array.of(1, Number.NaN, 2, -0).subarray(1);
  const [first, ...rest] = float16ToFloat32(float32ToFloat16(view));
  t.true(Number.isNaN(first));
  t.deepEqual(rest, [2, -0]);
});
