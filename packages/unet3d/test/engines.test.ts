import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempFolder } from '@genesis/testing';
import {
  ENGINE_ORDER,
  type EngineStatus,
  EngineUnavailableError,
  probeEngines,
  selectEngine,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { whyNot } from './support/engines.js';

test.serial('probing names every engine, with a reason where one is not usable', async (t) => {
  await selectEngine('cpu');
  const found = await probeEngines();
  t.deepEqual(
    found.map(({ name }) => name),
    [...ENGINE_ORDER],
  );
  for (const { name, usable, reason } of found) {
    t.log(name, usable ? 'usable' : reason);
    t.is(usable, reason === undefined);
    if (!usable) t.true(reason!.length > 20);
  }
  t.true(found.find(({ name }) => name === 'cpu')!.usable);
  t.is(tf.getBackend(), 'cpu', 'probing leaves the engine in use as it was');
});

test.serial('an engine that is asked for is used or refused, never replaced', async (t) => {
  await selectEngine('cpu');
  for (const { name, usable } of await probeEngines()) {
    if (usable) {
      const engine = await selectEngine(name);
      t.is(engine.name, name);
      t.is(tf.getBackend(), engine.backend);
    } else {
      const current = tf.getBackend();
      const error = await t.throwsAsync(selectEngine(name), { instanceOf: EngineUnavailableError });
      t.is(error.engine, name);
      t.true(error.message.includes(error.reason));
      t.is(tf.getBackend(), current);
    }
  }
  await t.throwsAsync(selectEngine('quantum' as never), { message: /no such engine/ });
});

test.serial('auto takes the first usable engine, but no software graphics adapter', async (t) => {
  const status = await probeEngines();
  const engine = await selectEngine('auto');
  const first = status.find(({ usable, details }) => usable && details.software !== true)!;
  t.is(engine.name, first.name);
});

// Another library would take the place of the broken ones.
const withoutTensorflow = whyNot('tensorflow') ? test.serial : test.serial.skip;

withoutTensorflow(
  'optional packages that are broken say so, and leave the engine in use as it was',
  async (t) => {
    await selectEngine('cpu');
    const name = '@tensorflow/tfjs-node-gpu';
    const refused = async (code: string): Promise<string> => {
      const folder = await tempFolder(t);
      const place = join(folder, 'node_modules', name);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'package.json'), JSON.stringify({ name, main: 'index.cjs' }));
      await writeFile(join(place, 'index.cjs'), code);
      const before = process.env.GENESIS_PEERS;
      process.env.GENESIS_PEERS = folder;
      try {
        const error = await t.throwsAsync(selectEngine('tensorflow-gpu'), {
          instanceOf: EngineUnavailableError,
        });
        return error.reason;
      } finally {
        if (before === undefined) delete process.env.GENESIS_PEERS;
        else process.env.GENESIS_PEERS = before;
      }
    };
    t.regex(
      await refused("throw new Error('libcudart.so.11.0: no such file')"),
      /does not load: libcudart/,
    );
    t.regex(await refused('module.exports = {};'), /did not register its back end/);
    const core = JSON.stringify(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core'));
    const backend = `const tf = require(${core});
    tf.registerBackend('tensorflow', () => { throw new Error('no device'); });`;
    t.regex(await refused(backend), /failed to start/);
    t.is(tf.getBackend(), 'cpu');
    const one = tf.tensor1d([1]);
    t.deepEqual(Array.from(await one.data()), [1]);
    one.dispose();
  },
);

test('what a library writes to stderr while engines are tried is part of the reason', async (t) => {
  const code =
    "import { probeEngines } from '@genesis/unet3d'; console.log(JSON.stringify(await probeEngines()));";
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', code],
    // Node warns of FORCE_COLOR beside NO_COLOR.
    { env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: undefined } },
  );
  const found: EngineStatus[] = JSON.parse(stdout);
  const webgpu = found.find(({ name }) => name === 'webgpu');
  t.log(webgpu?.reason ?? 'usable');
  // A driver that is there may have something to say.
  if (webgpu?.usable !== true) t.is(stderr, '');
  t.notRegex(webgpu?.reason ?? '', /\n/);
});
