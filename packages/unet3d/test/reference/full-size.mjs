// Compares @genesis/unet3d with the files of full_size.py, or of network_keras.py --full (their headers
// have the commands).
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  computeGradients,
  disposeGradients,
  getWeights,
  importWeights,
  mapKerasWeights,
  mapPytorchWeights,
  meanSquaredError,
  selectEngine,
  sgd,
  toTensor,
  unet3d,
} from '@genesis/unet3d';
import { readWeights } from '@genesis/zoo';

const [folder, engineName = 'native'] = process.argv.slice(2);
const read = async (name) => (await readWeights(await readFile(join(folder, name)))).tensors;
const relativeL2 = (actual, expected) => {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference / norm);
};

const engine = await selectEngine(engineName);
console.log(`engine ${engine.name}`, engine.details);
const keras = existsSync(join(folder, 'keras_data.safetensors'));
const mapWeights = keras ? mapKerasWeights : mapPytorchWeights;
const data = await read(keras ? 'keras_data.safetensors' : 'data.safetensors');
const variant = keras ? 'keras' : 'pytorch';
const model = unet3d({ inputShape: [null, null, null, 1], variant, seed: 1 });
const files = keras
  ? ['keras_channels_first.h5', 'keras_channels_last.h5']
  : ['legacy.pt', 'zip.pt'];
for (const file of files) {
  const report = importWeights(model, await read(file));
  console.log(
    `${file}: ${report.matched.length} matched, ${report.missing.length} missing, ` +
      `${report.mismatched.length} mismatched, ${report.unexpected.length} unexpected, ${report.ignored.length} ignored`,
  );
}
for (const i of [0, 1]) {
  for (const mode of keras ? ['eval'] : ['train', 'eval']) {
    const x = toTensor(data.get(`x${i}`));
    const y = mode === 'eval' ? model.predictOnBatch(x) : model.apply(x, { training: true });
    const error = relativeL2(await y.data(), data.get(`${mode}${i}`).data);
    console.log(`forward ${mode}, ${x.shape.join('×')}: relative L2 ${error.toExponential(2)}`);
    x.dispose();
    y.dispose();
  }
}
const x = toTensor(data.get('x'));
const y = toTensor(data.get('y'));
const optimizer = sgd({ learningRate: keras ? 0.02 : data.get('rate').data[0], momentum: 0.9 });
const losses = data.get('losses').data;
for (let step = 1; step <= 10; step++) {
  const start = performance.now();
  const gradients = computeGradients(model, x, y, meanSquaredError);
  optimizer.step(gradients.grads, model);
  const loss = (await gradients.loss.data())[0];
  disposeGradients(gradients);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  console.log(`step ${step}: loss ${loss}, reference ${losses[step - 1]}, ${seconds} s`);
  if (step !== 1 && step !== 10) continue;
  const prefix = `step${step}/`;
  const named = keras
    ? await read(`keras_step${step}.safetensors`)
    : new Map(
        [...data].flatMap(([name, tensor]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
        ),
      );
  const expected = mapWeights(named).tensors;
  const weights = await getWeights(model);
  const errors = [...weights].map(([name, { data }]) => ({
    name,
    error: relativeL2(data, expected.get(name).data),
  }));
  errors.sort((a, b) => b.error - a.error);
  let difference = 0;
  let norm = 0;
  for (const [name, { data: values }] of weights) {
    const reference = expected.get(name).data;
    for (let i = 0; i < values.length; i++) {
      difference += (values[i] - reference[i]) ** 2;
      norm += reference[i] ** 2;
    }
  }
  console.log(
    `weights after ${step}: all together ${Math.sqrt(difference / norm).toExponential(2)}, worst`,
    errors.slice(0, 3).map(({ name, error }) => `${name} ${error.toExponential(2)}`),
  );
  if (step !== 1 || keras) continue;
  const float64 = [...data].filter(([name]) => name.startsWith('exact/'));
  const exact = mapPytorchWeights(
    new Map(float64.map(([name, tensor]) => [name.slice(6), tensor])),
  ).tensors;
  console.log('of these, distance from one step in float64:');
  for (const { name } of errors.slice(0, 6)) {
    const to = (values) => relativeL2(values, exact.get(name).data).toExponential(2);
    console.log(
      `  ${name}: ours ${to(weights.get(name).data)}, PyTorch ${to(expected.get(name).data)}`,
    );
  }
}
