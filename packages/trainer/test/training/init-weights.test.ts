import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CARD_VERSION, referenceNetwork, type SegmentationCard } from '@genesis/inference';
import { tempFolder } from '@genesis/testing';
import { getWeights, selectEngine, unet3d } from '@genesis/unet3d';
import { encodeSafetensors, type NamedTensors } from '@genesis/zoo';
import test from 'ava';
import ndarray from 'ndarray';
import { describeTransfer, findInitialWeights, transferWeights } from '#src/model/init-weights.js';
import { initializedModel } from '#src/tasks/common/initialized-model.js';

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

test.serial(
  'kernels that are taken over become as large as fresh ones, unless told not to',
  async (t) => {
    const info: SegmentationCard = {
      version: CARD_VERSION,
      kind: 'segmentation',
      network: { ...referenceNetwork, width: 2, levels: 2 },
      crop: [8, 8, 8],
      preparation: { orientation: 'RAS', normalization: 'ct', nonFinite: 'error' },
      classes: [
        { value: 0, name: 'background' },
        { value: 1, name: 'one' },
      ],
    };
    const initial = { source: 'a.pt', tensors: official(''), skipped: [] };
    const made = async (rescale?: boolean) => {
      const config = { seed: 0, freezeEncoder: false, rescale };
      const { model, transfer } = await initializedModel({
        info,
        initial,
        config,
        emit: () => undefined,
      });
      const kernel = (await getWeights(model)).get('encoder.0.a.conv.kernel');
      model.dispose();
      return { value: kernel?.data[0], transfer };
    };
    // A fresh kernel of 27 inputs is uniform within 1 / √27, one of the file 0.5 throughout.
    const factor = 2 / Math.sqrt(3 * 27);
    const rescaled = await made();
    t.true(Math.abs((rescaled.value ?? 0) - 0.5 * factor) < 1e-7);
    const [only, ...others] = rescaled.transfer?.rescaled ?? [];
    t.is(only.name, 'encoder.0.a.conv.kernel');
    t.true(Math.abs(only.factor - factor) < 1e-7);
    t.deepEqual(others, [], 'what starts at random is left alone');
    t.regex(
      rescaled.transfer ? describeTransfer(rescaled.transfer) : '',
      /1 kernel .* fresh ones \(times 0\.2222…0\.2222\)/,
    );
    const asTheyCome = await made(false);
    t.is(asTheyCome.value, 0.5);
    t.is(asTheyCome.transfer?.rescaled, undefined);
  },
);
