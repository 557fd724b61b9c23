import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readWeights, WeightFormatError } from '@genesis/zoo';
import test from 'ava';
import fc from 'fast-check';

const folder = new URL('../../test/fixtures/', import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, folder));

const codes: Record<string, string> = {
  'os-system.pt': 'unsafe',
  'nested-reduce.pt': 'unsafe',
  'legacy-os-system.pt': 'unsafe',
  'beside-weights.pt': 'unsafe',
  'whole-model.pt': 'unsafe',
  'many-views.pt': 'unsafe',
  'zip-slip.pt': 'unsafe',
  'zip-bomb.pt': 'unsafe',
  'truncated.pt': 'truncated',
  'legacy-truncated.pt': 'truncated',
  'not-a-checkpoint.pt': 'unknown-format',
  'wrong-size.pt': 'corrupt',
  'lying-shape.pt': 'corrupt',
  'outside-storage.pt': 'corrupt',
  'endless.pt': 'corrupt',
  'billion-laughs.pt': 'corrupt',
};

test('every hostile fixture is tried', (t) => {
  t.deepEqual(readdirSync(new URL('malicious/', folder)).sort(), Object.keys(codes).sort());
});

for (const [name, code] of Object.entries(codes)) {
  test(`${name} ends in a typed error (${code}) and runs nothing`, async (t) => {
    const error = await t.throwsAsync(readWeights(read(`malicious/${name}`)), {
      instanceOf: WeightFormatError,
      code,
    });
    t.false(error.message.includes('\n'));
    t.false(existsSync('genesis-was-here'));
    t.false(existsSync('../../genesis-was-here'));
  });
}

for (const name of ['zip.pt', 'legacy.pt', 'kinds.safetensors', 'keras_channels_last.h5']) {
  test(`${name} with flipped bytes or cut short: a typed error or tensors, never a crash`, async (t) => {
    const good = read(name);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(good.length),
        fc.boolean(),
        async (flips, length, cut) => {
          const bytes = good.slice(0, cut ? length : good.length);
          for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
          try {
            for (const tensor of (await readWeights(bytes)).tensors.values()) {
              if (tensor.size > 8 * good.length) return false;
            }
            return true;
          } catch (error) {
            return error instanceof WeightFormatError;
          }
        },
      ),
      { numRuns: 400, seed: 3 },
    );
    t.pass();
  });
}
