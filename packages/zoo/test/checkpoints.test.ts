import { readFileSync } from 'node:fs';
import { readWeights } from '@genesis/zoo';
import test from 'ava';

interface Described {
  tensors: Record<string, { shape: number[]; values: (number | string)[] }>;
  skipped: string[];
  metadata: Record<string, string>;
}

const folder = new URL('../../test/fixtures/checkpoints/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  Described
>;

for (const [name, { tensors, skipped, metadata }] of Object.entries(expected)) {
  test(`${name}: the tensors that PyTorch reads, the rest skipped by name`, async (t) => {
    const file = await readWeights(readFileSync(new URL(name, folder)));
    t.deepEqual([...file.tensors.keys()].sort(), Object.keys(tensors).sort());
    for (const [key, { shape, values }] of Object.entries(tensors)) {
      const tensor = file.tensors.get(key);
      t.deepEqual(tensor?.shape, shape, key);
      t.deepEqual(
        Array.from(tensor?.data as ArrayLike<number | bigint>, Number),
        values.map(numberOf),
        key,
      );
    }
    t.deepEqual(file.skipped.map((entry) => entry.name).sort(), skipped);
    for (const { reason } of file.skipped) t.true(reason.length > 3);
    t.deepEqual(file.metadata, metadata);
  });
}

/** JSON has no NaN and no infinity: the script writes them as Python does. */
function numberOf(value: number | string): number {
  return typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity'));
}
