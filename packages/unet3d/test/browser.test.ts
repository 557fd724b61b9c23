import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
import { relativeL2 } from './support/compare.js';
import { values } from './support/gradient-check.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const SHAPE = [1, 8, 8, 8, 1];

/** What a user's page would do: choose an engine, load a model by its URL, predict, train a step. */
const PAGE = `
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { computeGradients, loadModel, meanSquaredError, probeEngines, saveModel, selectEngine } from '@genesis/unet3d';
window.run = async (name, input) => {
  try {
    const engine = await selectEngine(name);
    if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    const model = await loadModel(new URL('model/model.json', location.href).href);
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

test('in a browser a saved model loads by its URL, predicts and trains as in Node', async (t) => {
  if (!existsSync(CHROMIUM)) {
    t.log(`skipped: there is no Chromium at ${CHROMIUM}`);
    t.pass();
    return;
  }
  const { chromium } = await import('playwright-core');
  // Inside the package, so that the bundler finds it by its name and its exports.
  await mkdir(join(PACKAGE, 'build'), { recursive: true });
  const folder = await mkdtemp(join(PACKAGE, 'build/browser-'));
  try {
    const { output, gradient, loss, input } = await inNode(join(folder, 'model'));
    await bundle(folder);
    const server = await serve(folder);
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    });
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/index.html`);
      await page.waitForFunction('window.run');
      for (const engine of ['cpu', 'webgpu']) {
        const call = `run(${JSON.stringify(engine)}, ${JSON.stringify(input)})`;
        const given = (await page.evaluate(call)) as Result;
        if (engine === 'webgpu' && given.reason) {
          t.log(`skipped on webgpu: ${given.reason}`);
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
    } finally {
      await browser.close();
      server.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

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

async function bundle(folder: string): Promise<void> {
  const { build } = await import('esbuild');
  await writeFile(join(folder, 'page.js'), PAGE);
  await build({
    entryPoints: [join(folder, 'page.js')],
    outfile: join(folder, 'bundle.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'error',
  });
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><script type="module" src="bundle.js"></script>',
  );
}

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
};

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    readFile(join(folder, path)).then(
      (bytes) => {
        response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
        response.end(bytes);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}
