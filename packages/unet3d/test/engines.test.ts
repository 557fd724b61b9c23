import { ENGINE_ORDER, EngineUnavailableError, probeEngines, selectEngine } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';

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
