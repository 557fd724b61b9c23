import {
  buildModel,
  decodeModelFile,
  encodeModelFile,
  type PretrainCard,
  referenceNetwork,
} from '@genesis/inference';
import { getWeights, selectEngine } from '@genesis/unet3d';
import { decodeSafetensors, encodeSafetensors } from '@genesis/zoo';
import test from 'ava';
import ndarray from 'ndarray';

const card: PretrainCard = {
  version: 1,
  kind: 'pretrain',
  network: { ...referenceNetwork, width: 2, levels: 2 },
  crop: [8, 8, 8],
  preparation: { orientation: 'RAS', normalization: 'ct', nonFinite: 'error' },
};

test('a model file holds card and weights, bit for bit; the optimizer is left out', async (t) => {
  await selectEngine('cpu');
  const model = buildModel(card, 3);
  const weights = await getWeights(model);
  model.dispose();
  const optimizer = new Map([['step', ndarray(Int32Array.of(7), [1])]]);
  const bytes = encodeModelFile({ card, weights }, { optimizer, state: '{"step":7}' });
  t.true(decodeSafetensors(bytes).tensors.has('optimizer/step'));
  t.is(decodeSafetensors(bytes).metadata.state, '{"step":7}');
  const found = decodeModelFile(bytes);
  t.deepEqual(JSON.parse(JSON.stringify(found.card)), card);
  t.deepEqual([...found.weights.keys()], [...weights.keys()]);
  for (const [name, { data, shape }] of weights) {
    t.deepEqual(found.weights.get(name)?.data, data, name);
    t.deepEqual(found.weights.get(name)?.shape, shape, name);
  }
});

test('other bytes are no model', (t) => {
  const weights = new Map([['a', ndarray(Float32Array.of(1), [1])]]);
  const file = (metadata: Record<string, string>): Uint8Array =>
    encodeSafetensors(weights, metadata);
  const of = (bytes: Uint8Array) => () => decodeModelFile(bytes);
  t.throws(of(Uint8Array.of(1, 2, 3)), { code: 'not-a-model', message: /^it is no model: / });
  t.throws(of(file({})), { code: 'not-a-model', message: /no model card/ });
  t.throws(of(file({ model: 'unet3d' })), { code: 'not-a-model' }, 'foreign metadata');
  const format = 'genesis-checkpoint-1';
  t.throws(of(file({ format })), { code: 'not-a-model' });
  t.throws(of(file({ format, model: 'unet3d' })), { code: 'bad-card', message: /no JSON/ });
  t.throws(of(file({ format, model: '{}' })), { code: 'bad-card', message: /kind is missing/ });
});
