import { readFileSync } from 'node:fs';
import { encodePytorch, type NamedTensors, readWeights, type WeightArray } from '@genesis/zoo';
import test from 'ava';
import ndarray, { type NdArray } from 'ndarray';

/** What `test/reference/read_written.py` expects in the fixture. */
function tensors(): NamedTensors {
  const kernel = ndarray(
    Float32Array.from({ length: 24 }, (_, n) => n / 8 - 1),
    [2, 3, 4],
  );
  return new Map<string, NdArray<WeightArray>>([
    ['encoder.0.weight', kernel],
    ['encoder.again.weight', kernel],
    ['turned', ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]).transpose(1, 0)],
    ['counter', ndarray(BigInt64Array.of(7n), [])],
    ['bytes', ndarray(Uint8Array.of(1, 2, 255), [3])],
    ['größe', ndarray(Float64Array.of(0.1), [1])],
    ['empty', ndarray(new Float32Array(), [0, 3])],
  ]);
}

const halve = (name: string): boolean => name === 'turned';

test('a state dict is written as the one that torch.load has read', (t) => {
  const written = readFileSync(new URL('../../test/fixtures/written.pt', import.meta.url));
  t.deepEqual(Buffer.from(encodePytorch(tensors(), { halve })), written);
});

test('what is written is read again, views in C order, halves widened', async (t) => {
  const {
    format,
    tensors: found,
    skipped,
  } = await readWeights(encodePytorch(tensors(), { halve }));
  t.is(format, 'pt');
  t.deepEqual(skipped, []);
  t.deepEqual([...found.keys()], [...tensors().keys()]);
  for (const [name, { shape }] of tensors()) t.deepEqual(found.get(name)?.shape, shape, name);
  t.deepEqual(found.get('encoder.again.weight')?.data, found.get('encoder.0.weight')?.data);
  t.deepEqual(found.get('turned')?.data, Float32Array.of(1, 4, 2, 5, 3, 6));
  t.deepEqual(found.get('counter')?.data, BigInt64Array.of(7n));
});

test('a tensor with two names is stored once', (t) => {
  const big = (): NamedTensors => new Map([['a', ndarray(new Float32Array(1000), [1000])]]);
  const once = big();
  for (const tensor of [...once.values()]) once.set('b', tensor);
  const twice = big().set('b', ndarray(new Float32Array(1000), [1000]));
  t.true(encodePytorch(once).length < encodePytorch(twice).length - 4000);
});

test('types that PyTorch has no storage for, and values too large for halves, are refused', (t) => {
  const of = (data: Uint16Array | Float32Array): NamedTensors =>
    new Map<string, NdArray<WeightArray>>([['w', ndarray<WeightArray>(data, [1])]]);
  t.throws(() => encodePytorch(of(Uint16Array.of(1))), { code: 'unsupported', message: /'w'/ });
  t.throws(() => encodePytorch(of(Float32Array.of(7e4)), { halve: () => true }), {
    code: 'out-of-range',
  });
});
