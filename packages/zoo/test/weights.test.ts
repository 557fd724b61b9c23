import { readFileSync } from 'node:fs';
import { readWeights, type WeightArray, type WeightFile } from '@genesis/zoo';
import test, { type ExecutionContext } from 'ava';
import type { NdArray } from 'ndarray';

interface Described {
  shape: number[];
  sum: number;
  first: number[];
}

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url));
const expected = JSON.parse(fixture('expected.json').toString()) as Record<
  string,
  Record<string, Described>
>;

function values(tensor: NdArray<WeightArray>): number[] {
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
}

function matches(t: ExecutionContext, file: WeightFile, wanted: Record<string, Described>): void {
  t.deepEqual([...file.tensors.keys()].sort(), Object.keys(wanted).sort());
  for (const [name, tensor] of file.tensors) {
    const { shape, sum, first } = wanted[name];
    t.deepEqual(tensor.shape, shape, name);
    const numbers = values(tensor);
    t.is(
      numbers.length,
      shape.reduce((a, b) => a * b, 1),
      name,
    );
    t.deepEqual(numbers.slice(0, 4), first, name);
    const total = numbers.reduce((a, b) => a + b, 0);
    t.true(Math.abs(total - sum) <= 1e-9 * Math.max(1, Math.abs(sum)), name);
  }
}

for (const name of ['zip.pt', 'legacy.pt']) {
  test(`${name}: a training checkpoint of the official form, every tensor equal`, async (t) => {
    const file = await readWeights(fixture(name));
    t.is(file.format, 'pt');
    t.is(file.metadata.epoch, '123');
    t.true([...file.tensors.keys()].every((key) => key.startsWith('module.')));
    matches(t, file, expected.checkpoint);
  });
}

test('zip and legacy serialisation give the same tensors in the same order', async (t) => {
  const [zip, legacy] = await Promise.all(
    ['zip.pt', 'legacy.pt'].map((name) => readWeights(fixture(name))),
  );
  t.deepEqual([...zip.tensors.keys()], [...legacy.tensors.keys()]);
  for (const [name, tensor] of zip.tensors) {
    t.deepEqual(values(tensor), values(legacy.tensors.get(name)!), name);
  }
});

for (const name of ['kinds.pt', 'kinds_legacy.pt', 'kinds.safetensors']) {
  test(`${name}: views, halves, integers, booleans, scalars and empty tensors`, async (t) => {
    matches(t, await readWeights(fixture(name)), expected.kinds);
  });
}

for (const name of ['keras_channels_first.h5', 'keras_channels_last.h5', 'keras_model.h5']) {
  test(`${name}: Keras 2 weights, every tensor equal`, async (t) => {
    const file = await readWeights(fixture(name));
    t.is(file.format, 'h5');
    matches(t, file, expected[name]);
  });
}

test('another section can be asked for, and a missing one is an error that names those there', async (t) => {
  const file = await readWeights(fixture('zip.pt'), { section: 'optimizer_state_dict' });
  t.true(file.tensors.has('state.0.momentum_buffer'));
  const error = await t.throwsAsync(readWeights(fixture('zip.pt'), { section: 'ema' }), {
    code: 'not-found',
  });
  t.regex(error.message, /state_dict/);
});

test('tensors own their memory', async (t) => {
  const bytes = fixture('kinds.safetensors').slice();
  const file = await readWeights(bytes);
  const before = values(file.tensors.get('slice')!);
  bytes.fill(0);
  t.deepEqual(values(file.tensors.get('slice')!), before);
});
