import {
  classifier,
  importWeights,
  namedWeights,
  residualUnet3d,
  selectEngine,
  torchWeights,
  unet3d,
} from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import test from 'ava';
import { readTensors } from './support/fixtures.js';
import { nnunetNetwork } from './support/nnunet-network.js';

test.before(() => selectEngine('cpu'));

const networks: Record<string, { file: string; build: () => LayersModel }> = {
  "the reference's PyTorch network": {
    file: 'pytorch_relu_step1',
    build: () => unet3d({ inputShape: [null, null, null, 1], width: 2, levels: 3 }),
  },
  'the same with running statistics': {
    file: 'pytorch_relu_step1',
    build: () =>
      unet3d({ inputShape: [null, null, null, 1], width: 2, levels: 3, norm: 'batchRunning' }),
  },
  'the same with learnt slopes': {
    file: 'pytorch_prelu_step0',
    build: () =>
      unet3d({
        inputShape: [null, null, null, 2],
        width: 2,
        levels: 2,
        activation: 'prelu',
        outChannels: 3,
      }),
  },
  "nnU-Net's residual network": { file: 'nnunet_weights', build: () => nnunetNetwork() },
};

/** What only the original keeps: counters, statistics that are not used, outputs for deep supervision. */
const NOT_OURS = /running_|num_batches|seg_layers\.0/;

for (const [title, { file, build }] of Object.entries(networks)) {
  test.serial(`${title}: what PyTorch saved is given back, every name and every bit`, async (t) => {
    const original = new Map(
      [...readTensors(file)].map(([name, tensor]) => [name.replace(/^module\./, ''), tensor]),
    );
    const model = build();
    importWeights(model, original);
    const found = await torchWeights(model);
    t.deepEqual([...found.keys()].sort(), [...original.keys()].sort());
    const usesStatistics = namedWeights(model).has('encoder.0.a.norm.movingMean');
    for (const [name, tensor] of original) {
      t.deepEqual(found.get(name)?.shape, tensor.shape, name);
      const isOurs = usesStatistics ? !name.includes('num_batches') : !NOT_OURS.test(name);
      if (isOurs) t.deepEqual(found.get(name)?.data, tensor.data, name);
    }
    model.dispose();
  });
}

test.serial('names of one tensor share it', async (t) => {
  const found = await torchWeights(nnunetNetwork());
  const stem = found.get('encoder.stem.convs.0.conv.weight');
  t.truthy(stem);
  t.is(found.get('decoder.encoder.stem.convs.0.all_modules.0.weight'), stem);
});

test.serial('what neither reference has keeps our names, in the layout of PyTorch', async (t) => {
  const small = { inputShape: [8, 8, 8, 1], width: 2, levels: 2, norm: 'instance' } as const;
  const found = await torchWeights(classifier(unet3d(small), { classes: 3, hidden: 5 }));
  t.deepEqual(found.get('head.dense.weight')?.shape, [5, 8]);
  t.deepEqual(found.get('head.out.bias')?.shape, [3]);
  t.false(
    [...found.keys()].some((name) => /running_|num_batches/.test(name)),
    'other normalisations keep no statistics',
  );
  const residual = residualUnet3d({ inputShape: [8, 8, 8, 1], features: [2, 4], blocks: [1, 1] });
  const labels = await torchWeights(classifier(residual, { classes: 2, hidden: 0 }));
  t.false([...labels.keys()].some((name) => name.startsWith('decoder.')));
  t.true(labels.has('head.out.weight'));
});
