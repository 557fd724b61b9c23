import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bundlePage,
  haveChromium,
  noChromium,
  openPage,
  relativeL2,
  softwareWebGpu,
  tempFolder,
} from '@genesis/testing';
import {
  computeGradients,
  disposeGradients,
  meanSquaredError,
  saveModel,
  selectEngine,
  unet3d,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { values } from './support/gradient-check.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const SHAPE = [1, 8, 8, 8, 1];

/** What a user's page would do: choose an engine, load a model by its URL, predict, train a step. */
const PAGE = `
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { computeGradients, loadLayersModel, meanSquaredError, probeEngines, saveModel, selectEngine } from '@genesis/unet3d';
window.run = async (name, input) => {
  try {
    const engine = await selectEngine(name);
    if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    const model = await loadLayersModel(new URL('model/model.json', location.href).href);
    const x = tf.tensor(input, ${JSON.stringify(SHAPE)});
    const y = model.predict(x);
    const { loss, grads } = computeGradients(model, x, x, meanSquaredError);
    const gradient = await grads['encoder.0.b.conv.kernel'].data();
    const folder = await saveModel(model, 'somewhere').then(() => 'saved', (error) => error.code);
    return { engine, output: Array.from(await y.data()), loss: (await loss.data())[0], gradient: Array.from(gradient), folder };
  } catch (error) {
    return { error: String(error), reason: error.reason };
  }
};
window.probe = probeEngines;`;

interface Result {
  engine: { name: string; backend: string };
  output: number[];
  gradient: number[];
  loss: number;
  folder: string;
  error?: string;
  reason?: string;
}

const inBrowser = haveChromium ? test : test.skip;

inBrowser(
  `in a browser a saved model loads by its URL, predicts and trains as in Node${noChromium}`,
  async (t) => {
    // Inside the package, so that the bundler finds it by its name and its exports.
    const folder = await tempFolder(t, join(PACKAGE, 'build'));
    const { output, gradient, loss, input } = await inNode(join(folder, 'model'));
    await bundlePage(folder, PAGE);
    const { page, problems } = await openPage(t, folder, { args: softwareWebGpu });
    await page.waitForFunction('window.run');
    for (const engine of ['cpu', 'webgpu']) {
      const call = `run(${JSON.stringify(engine)}, ${JSON.stringify(input)})`;
      const given = (await page.evaluate(call)) as Result;
      if (engine === 'webgpu' && given.reason) {
        t.log(`no webgpu in this browser: ${given.reason}`);
        continue;
      }
      t.is(given.error, undefined, engine);
      t.is(given.engine.backend, engine);
      t.true(relativeL2(given.output, output) < 1e-5, `output on ${engine}`);
      t.true(relativeL2(given.gradient, gradient) < 1e-4, `gradient on ${engine}`);
      t.true(Math.abs(given.loss / loss - 1) < 1e-5, `loss on ${engine}`);
      t.is(given.folder, 'no-file-system');
      t.log(`ran on ${engine}`);
    }
    const status = (await page.evaluate('probe()')) as { name: string; reason?: string }[];
    t.regex(status.find(({ name }) => name === 'native')!.reason!, /Node only/);
    t.deepEqual(problems, []);
  },
);

/** The same on the cpu engine here, the model being saved to `folder`. */
async function inNode(
  folder: string,
): Promise<{ output: Float32Array; gradient: Float32Array; loss: number; input: number[] }> {
  await selectEngine('cpu');
  const model = unet3d({ inputShape: [8, 8, 8, 1], width: 2, levels: 2, norm: 'batchRunning' });
  await saveModel(model, folder);
  const x = values(SHAPE);
  const y = model.predict(x) as tf.Tensor;
  const gradients = computeGradients(model, x, x, meanSquaredError);
  const found = {
    input: Array.from(await x.data()),
    output: Float32Array.from(await y.data()),
    gradient: Float32Array.from(await gradients.grads['encoder.0.b.conv.kernel'].data()),
    loss: (await gradients.loss.data())[0],
  };
  disposeGradients(gradients);
  tf.dispose([x, y]);
  model.dispose();
  return found;
}
