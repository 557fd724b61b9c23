import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { selectEngine, unet3d } from '@genesis/unet3d';
import { encodeSafetensors, type NamedTensors } from '@genesis/zoo';
import test from 'ava';
import ndarray from 'ndarray';
import { findInitialWeights, transferWeights } from '#src/model/init-weights.js';

test.before(() => selectEngine('cpu'));

const network = () => unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 2 });

/** The first layer of the official network at a width of two. */
function official(prefix: string, width = 2): NamedTensors {
  const kernel = ndarray(new Float32Array(width * 27).fill(0.5), [width, 1, 3, 3, 3]);
  const bias = ndarray(new Float32Array(width), [width]);
  return new Map([
    [`${prefix}down_tr64.ops.0.conv1.weight`, kernel],
    [`${prefix}down_tr64.ops.0.conv1.bias`, bias],
  ]);
}

for (const model of ['unet3d', '{"network": 3}', '{"network": {"width": "wide"}}', '[]', 'null']) {
  test.serial(
    `the metadata model = ${model} of another program are not taken for ours`,
    async (t) => {
      const file = join(await tempFolder(t), 'weights.safetensors');
      await writeFile(file, encodeSafetensors(official('net.'), { model }));
      const initial = await findInitialWeights(file);
      t.is(initial?.network, undefined);
      const built = network();
      t.deepEqual(initial && transferWeights(built, initial).matched, [
        'encoder.0.a.conv.kernel',
        'encoder.0.a.conv.bias',
      ]);
      built.dispose();
    },
  );
}

test.serial('what the reader skipped is told as unused', async (t) => {
  const built = network();
  const skipped = [{ name: 'ema.mask', reason: 'a sparse tensor' }];
  const report = transferWeights(built, { source: 'a.pt', tensors: official(''), skipped });
  t.deepEqual(report.unused, skipped);
  built.dispose();
});

test.serial('names that do not match are not blamed on an option, sizes are', async (t) => {
  const built = network();
  const [first] = official('').values();
  const tensors: NamedTensors = new Map([['layer1.conv.weight', first]]);
  const names = t.throws(() =>
    transferWeights(built, { source: 'resnet.pt', tensors, skipped: [] }),
  );
  t.regex(names.message, /resnet\.pt .* called layer1\.conv\.weight/);
  t.notRegex(names.message, /--width|--levels/);
  const sizes = t.throws(() =>
    transferWeights(built, { source: 'wide.pt', tensors: official('', 3), skipped: [] }),
  );
  t.regex(sizes.message, /encoder\.0\.a\.conv\.kernel is 3×3×3×1×3 there .* same --width/);
  built.dispose();
});
