import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zoo from '@genesis/zoo';
import test from 'ava';
import fc from 'fast-check';
import ndarray from 'ndarray';

test('the public names', (t) => {
  t.snapshot(Object.keys(zoo).sort());
});

test('safetensors: what is written is read back, type, shape, order and bytes', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string(), fc.array(fc.nat(3), { maxLength: 4 }), fc.nat(5))),
      (specs) => {
        const kinds = [Float32Array, Float64Array, Int32Array, Uint8Array, Int16Array, Int8Array];
        const tensors: zoo.NamedTensors = new Map();
        for (const [name, shape, kind] of specs) {
          if (name === '__metadata__') continue;
          const size = shape.reduce((a, b) => a * b, 1);
          const data = new kinds[kind](size);
          for (let i = 0; i < size; i++) data[i] = i * 3 - 7;
          tensors.set(name, ndarray(data, shape));
        }
        const bytes = zoo.encodeSafetensors(tensors, { step: '1' });
        const back = zoo.decodeSafetensors(bytes);
        for (const [name, tensor] of tensors) {
          const found = back.tensors.get(name)!;
          if (found.dtype !== tensor.dtype) return false;
          if (found.shape.join() !== tensor.shape.join()) return false;
          if (found.data.toString() !== tensor.data.toString()) return false;
        }
        return back.tensors.size === tensors.size && back.metadata.step === '1';
      },
    ),
    { seed: 1 },
  );
  t.pass();
});

test('safetensors: strided views are written as they look', (t) => {
  const view = ndarray(Float32Array.from([0, 1, 2, 3, 4, 5]), [2, 3])
    .transpose(1, 0)
    .hi(2, 2);
  const back = zoo.decodeSafetensors(zoo.encodeSafetensors(new Map([['v', view]])));
  t.deepEqual([...(back.tensors.get('v')!.data as Float32Array)], [0, 3, 1, 4]);
});

test('safetensors: kernels as halves, and none that a half cannot hold', (t) => {
  const values = Float32Array.of(1, 1 / 3, -65504, 2 ** -24, 2 ** -26, Number.NEGATIVE_INFINITY);
  const tensors: zoo.NamedTensors = new Map();
  tensors.set('kernel', ndarray(values, [2, 3]));
  tensors.set('bias', ndarray(Float32Array.of(1 / 3, 1e6), [2]));
  tensors.set('count', ndarray(Int32Array.of(70_000), [1, 1]));
  const halve = (_: string, { dimension }: { dimension: number }): boolean => dimension > 1;
  const bytes = zoo.encodeSafetensors(tensors, {}, { halve });
  const back = zoo.decodeSafetensors(bytes).tensors;
  t.deepEqual(
    [...(back.get('kernel')!.data as Float32Array)],
    [1, 0.333251953125, -65504, 2 ** -24, 0, Number.NEGATIVE_INFINITY],
  );
  t.deepEqual(back.get('bias')!.data, tensors.get('bias')!.data);
  t.deepEqual(back.get('count')!.data, tensors.get('count')!.data);
  const view = ndarray(Float32Array.of(1, 2, 3, 7e4), [2, 2]).transpose(1, 0);
  const error = t.throws(
    () => zoo.encodeSafetensors(new Map([['w', view]]), {}, { halve: () => true }),
    { code: 'out-of-range' },
  );
  t.regex(error.message, /'w' holds 70000/);
});

test('the official models are described with their provenance', (t) => {
  const entry = zoo.findZooEntry('genesis-chest-ct');
  t.is(entry.parameters, 19_073_665);
  t.regex(entry.license, /non-commercial/);
  const error = t.throws(() => zoo.findZooEntry('genesis'), { code: 'not-found' });
  t.regex(error.message, /genesis-chest-ct-keras/);
});

test('a model that is not on disk says where to get it and where to put it', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'zoo-'));
  const error = await t.throwsAsync(zoo.loadZooEntry('genesis-chest-ct', { directory }), {
    code: 'not-downloaded',
  });
  t.true(error.message.includes(join(directory, 'Genesis_Chest_CT.pt')));
  await writeFile(join(directory, 'Genesis_Chest_CT.pt'), 'no checkpoint');
  await t.throwsAsync(zoo.loadZooEntry('genesis-chest-ct', { directory }), {
    instanceOf: zoo.WeightFormatError,
  });
});
