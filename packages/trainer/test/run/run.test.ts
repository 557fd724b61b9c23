import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GenesisError } from '@genesis/core';
import { atomicWrite } from '@genesis/core/node';
import { tempFolder } from '@genesis/testing';
import { readMetrics, TrainerError } from '@genesis/trainer';
import type { NamedNdArrays } from '@genesis/unet3d';
import test from 'ava';
import ndarray, { type NdArray } from 'ndarray';
import { z } from 'zod';
import { loadCheckpoint, saveCheckpoint } from '#src/run/checkpoint.js';
import { createMetricsLog, rewindMetrics } from '#src/run/metrics.js';
import { openRun } from '#src/run/open-run.js';

test('atomicWrite makes folders and leaves nothing beside the file', async (t) => {
  const folder = await tempFolder(t);
  const path = join(folder, 'a', 'b.txt');
  await atomicWrite(path, 'one');
  await atomicWrite(path, 'two');
  t.is(await readFile(path, 'utf8'), 'two');
  t.deepEqual(await readdir(join(folder, 'a')), ['b.txt']);
});

test('atomicWrite says why it failed and keeps what was there', async (t) => {
  const folder = await tempFolder(t);
  await writeFile(join(folder, 'file'), 'old');
  const error = await t.throwsAsync(() => atomicWrite(join(folder, 'file', 'x'), 'new'), {
    instanceOf: GenesisError,
  });
  t.regex(error?.message ?? '', /^cannot write .*x: /);
  t.is(await readFile(join(folder, 'file'), 'utf8'), 'old');
  t.deepEqual(await readdir(folder), ['file']);
});

test('a checkpoint keeps every bit of tensors and state', async (t) => {
  const path = join(await tempFolder(t), 'c.safetensors');
  const weights = new Map([['a', ndarray(Float32Array.of(0.1, -0, 1e-45, 3e38), [2, 2])]]);
  const optimizer: NamedNdArrays = new Map<string, NdArray<Int32Array | Float32Array>>([
    ['step', ndarray(Int32Array.of(7), [1])],
    ['velocity/a', ndarray(Float32Array.of(1, 2, 3, 4), [2, 2])],
  ]);
  const state = { lossSum: 0.1 + 0.2, step: 2 ** 40, best: null };
  await saveCheckpoint(path, { weights, optimizer, state, model: { kind: 'pretrain' } });
  const found = await loadCheckpoint<typeof state>(path);
  t.deepEqual(found.state, state);
  t.deepEqual(found.model, { kind: 'pretrain' });
  t.deepEqual([...found.weights.keys()], ['a']);
  t.deepEqual(found.weights.get('a')?.data, weights.get('a')?.data);
  t.deepEqual([...(found.optimizer ?? new Map()).keys()], ['step', 'velocity/a']);
  t.deepEqual(found.optimizer?.get('velocity/a')?.shape, [2, 2]);
});

test('what is no checkpoint is refused by name', async (t) => {
  const path = join(await tempFolder(t), 'c.safetensors');
  await t.throwsAsync(() => loadCheckpoint(path), { message: /no such file/ });
  await writeFile(path, 'not a checkpoint at all');
  const error = await t.throwsAsync(() => loadCheckpoint(path), { instanceOf: TrainerError });
  t.is(error?.code, 'run-broken');
  t.true(error?.message.startsWith(path));
});

test('metrics are rewound to the point of resumption', async (t) => {
  const path = join(await tempFolder(t), 'metrics.jsonl');
  const log = createMetricsLog(path);
  const epoch = {
    kind: 'epoch' as const,
    trainLoss: 1,
    learningRate: 1,
    validation: { loss: 1 },
    best: true,
    samplesPerSecond: 1,
    seconds: 1,
  };
  for (let step = 1; step <= 5; step++) {
    log.add({ kind: 'step', step, epoch: Math.ceil(step / 2), loss: 1 / step });
    if (step % 2 === 0) log.add({ ...epoch, epoch: step / 2, step });
  }
  log.add({ ...epoch, epoch: 3, step: 5, partial: true });
  await log.flush();
  await appendFile(path, '{"kind":"st');
  t.is((await readMetrics(path)).length, 8);
  await rewindMetrics(path, 3, 1);
  t.deepEqual(
    (await readMetrics(path)).map(({ kind, step }) => `${kind}${step}`),
    ['step1', 'step2', 'epoch2', 'step3'],
  );
});

test('an epoch that was cut short is kept when it gave the best weights and training goes on after it', async (t) => {
  const path = join(await tempFolder(t), 'metrics.jsonl');
  const log = createMetricsLog(path);
  const epoch = {
    kind: 'epoch' as const,
    trainLoss: 1,
    learningRate: 1,
    validation: { loss: 1 },
    samplesPerSecond: 1,
    seconds: 1,
  };
  log.add({ ...epoch, epoch: 1, step: 4, best: true });
  log.add({ ...epoch, epoch: 2, step: 6, best: true, partial: true });
  log.add({ ...epoch, epoch: 3, step: 9, best: false, partial: true });
  await log.flush();
  await rewindMetrics(path, 6, 1);
  t.deepEqual(
    (await readMetrics(path)).map(({ step }) => step),
    [4, 6],
  );
});

test('openRun: new, taken, resumed with the same options only', async (t) => {
  const folder = join(await tempFolder(t), 'deep', 'run');
  const config = { out: folder, batch: 2, epochs: 3, resume: false };
  const first = await openRun(folder, config, false);
  await t.throwsAsync(() => openRun(folder, { ...config, resume: true }, true), {
    message: /another process/,
  });
  await first.close();
  await t.throwsAsync(() => openRun(folder, config, false), { message: /add --resume/ });
  await t.throwsAsync(() => openRun(folder, { ...config, batch: 4 }, true), {
    message: /it was started with batch = 2, not 4$/,
  });
  const again = await openRun(folder, { ...config, epochs: 9, resume: true }, true);
  await again.close();
  t.is(
    (JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as typeof config).epochs,
    9,
  );
});

test('openRun: a run of an earlier version is compared under the names and defaults of today', async (t) => {
  const folder = join(await tempFolder(t), 'run');
  const schema = z.strictObject({
    images: z.string(),
    out: z.string(),
    batch: z.number(),
    masked: z.boolean().default(false),
  });
  await (await openRun(folder, { data: 'in', out: folder, batch: 2, dropped: 1 }, false)).close();
  const now = { images: 'in', out: folder, batch: 2, masked: false };
  await (await openRun(folder, now, true, schema)).close();
  await t.throwsAsync(openRun(folder, { ...now, images: 'other' }, true, schema), {
    message: /it was started with images = "in", not "other"$/,
  });
  await t.throwsAsync(openRun(folder, { ...now, masked: true }, true, schema), {
    message: /it was started with masked = false, not true$/,
  });
});

test('openRun: a discarded run leaves nothing, not even the folders above', async (t) => {
  const root = await tempFolder(t);
  const run = await openRun(join(root, 'deep', 'run'), {}, false);
  await run.discard();
  t.deepEqual(await readdir(root), []);
  await mkdir(join(root, 'empty'));
  await (await openRun(join(root, 'empty'), {}, false)).discard();
  t.deepEqual(await readdir(join(root, 'empty')), []);
  await t.throwsAsync(() => openRun(join(root, 'empty'), {}, true), {
    message: /holds no run that could be resumed/,
  });
});

test('openRun: what a killed process leaves before it has begun is no run', async (t) => {
  const folder = await tempFolder(t);
  await writeFile(join(folder, '.lock'), JSON.stringify({ pid: process.pid, host: hostname() }));
  const temporary = '.0b2c1c9e-0000-4000-8000-000000000000.tmp';
  await writeFile(join(folder, temporary), 'half');
  const run = await openRun(folder, {}, false);
  await mkdir(join(folder, 'checkpoints'));
  await writeFile(join(folder, 'checkpoints', temporary), 'half');
  await run.close();
  await (await openRun(folder, {}, true)).close();
  t.deepEqual((await readdir(folder)).sort(), ['checkpoints', 'config.json']);
  t.deepEqual(await readdir(join(folder, 'checkpoints')), []);
});

test('openRun: a run that another process has taken over is not written to, nor removed', async (t) => {
  const folder = join(await tempFolder(t), 'run');
  const run = await openRun(folder, {}, false);
  await run.assertHeld();
  // As after a long sleep: the lock is another's.
  await rm(join(folder, '.lock'));
  const other = await openRun(folder, {}, true);
  await t.throwsAsync(() => run.assertHeld(), { code: 'lock-lost' });
  await run.discard();
  await run.close();
  await other.assertHeld();
  t.true((await readdir(folder)).includes('config.json'));
  await other.close();
});

test('openRun: a folder with other things, or a file, is refused', async (t) => {
  const root = await tempFolder(t);
  await writeFile(join(root, 'file'), '');
  await t.throwsAsync(() => openRun(root, {}, false), { message: /is not empty/ });
  await t.throwsAsync(() => openRun(join(root, 'file'), {}, false), { message: /is a file/ });
});
