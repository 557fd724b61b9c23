// Trains the U-Net from the same initial weights on the same deformed crops here and in PyTorch, and
// compares the loss curves: does Winograd's F(4,3) arithmetic change what is learnt?
//
//   node tools/bench/convergence.mjs --data DIR [--python python3] [--steps 200] [--width 16]
//        [--batch 2] [--crop 32,32,32] [--engines native,native:strict] [--learning-rate 0.1]
//
// DIR holds CT volumes; crops follow the reference's rule, pairs its deformations. Python needs torch
// and safetensors. PyTorch runs twice, with two threads and with one: rounding alone makes two runs
// drift, and how far those two drift apart is the yardstick for ours.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setPrecision } from '@genesis/tfjs-backend-native';
import { createRng, genesis } from '@genesis/transforms';
import {
  computeGradients,
  disposeGradients,
  getWeights,
  meanSquaredError,
  selectEngine,
  sgd,
  unet3d,
} from '@genesis/unet3d';
import {
  createCropSampler,
  crop as cutCrop,
  listVolumes,
  normalizeIntensity,
  readVolume,
} from '@genesis/volume-io';
import { encodeSafetensors } from '@genesis/zoo';
import * as tf from '@tensorflow/tfjs-core';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    steps: { type: 'string', default: '200' },
    width: { type: 'string', default: '16' },
    batch: { type: 'string', default: '2' },
    crop: { type: 'string', default: '32,32,32' },
    engines: { type: 'string', default: 'native,native:strict' },
    'learning-rate': { type: 'string', default: '0.1' },
  },
});
if (!options.data) throw new Error('--data DIR: a folder of CT volumes');
const crop = options.crop.split(',').map(Number);
const [steps, width, batch] = [options.steps, options.width, options.batch].map(Number);
const learningRate = Number(options['learning-rate']);
const voxels = crop.reduce((a, b) => a * b, 1);
const shape = [batch, ...crop, 1];

/** The whole run's pairs, one after the other, as PyTorch reads them too. */
async function makePairs() {
  const sources = [];
  for (const entry of await listVolumes(options.data)) {
    const volume = await readVolume(entry.path, { dtype: 'float32' });
    if (volume.data.shape.every((side, axis) => side >= crop[axis])) {
      const scaled = normalizeIntensity(volume, { kind: 'ct', min: -1000, max: 1000 });
      sources.push({ scaled, sampler: createCropSampler(scaled, { size: crop, rule: 'lung' }) });
    }
  }
  const inputs = new Float32Array(steps * batch * voxels);
  const targets = new Float32Array(inputs.length);
  const task = genesis();
  for (let sample = 0; sample < steps * batch; sample++) {
    const rng = createRng(0, sample);
    const pair = task.make(drawCrop(sources, sample, rng), rng.split(1));
    inputs.set(pair.input.data, sample * voxels);
    targets.set(pair.target.data, sample * voxels);
  }
  return { inputs, targets };
}

/** Volumes take turns; one without a place that the rule accepts is passed over. */
function drawCrop(sources, sample, rng) {
  for (let turn = 0; turn < sources.length; turn++) {
    const { scaled, sampler } = sources[(sample + turn) % sources.length];
    const [position] = sampler.draw(1, () => rng.uniform());
    if (position) return cutCrop(scaled, position, crop);
  }
  throw new Error(`${options.data}: no volume has a place for a crop of ${options.crop}`);
}

async function train(engine, pairs) {
  const [name, precision = 'fast'] = engine.split(':');
  await selectEngine(name);
  if (name === 'native') setPrecision(precision);
  const model = unet3d({ inputShape: [...crop, 1], width, seed: 0 });
  const optimizer = sgd({ learningRate, momentum: 0.9 });
  const losses = [];
  for (let step = 0; step < steps; step++) {
    const range = [step * batch * voxels, (step + 1) * batch * voxels];
    const x = tf.tensor(pairs.inputs.slice(...range), shape);
    const y = tf.tensor(pairs.targets.slice(...range), shape);
    const gradients = computeGradients(model, x, y, meanSquaredError);
    optimizer.step(gradients.grads, model);
    losses.push((await gradients.loss.data())[0]);
    disposeGradients(gradients);
    tf.dispose([x, y]);
  }
  optimizer.dispose();
  model.dispose();
  return losses;
}

/** Largest and mean relative distance between two curves, smoothed over ten steps. */
function distance(a, b) {
  const smooth = (curve) =>
    Array.from({ length: Math.floor(curve.length / 10) }, (_, i) =>
      curve.slice(10 * i, 10 * i + 10).reduce((sum, v) => sum + v / 10, 0),
    );
  const [p, q] = [smooth(a), smooth(b)];
  const apart = p.map((v, i) => Math.abs(v - q[i]) / q[i]);
  return { largest: Math.max(...apart), mean: apart.reduce((s, v) => s + v, 0) / apart.length };
}

const folder = mkdtempSync(join(tmpdir(), 'genesis-convergence-'));
try {
  const pairs = await makePairs();
  writeFileSync(join(folder, 'inputs.f32'), pairs.inputs);
  writeFileSync(join(folder, 'targets.f32'), pairs.targets);
  await selectEngine('cpu');
  const start = unet3d({ inputShape: [...crop, 1], width, seed: 0 });
  writeFileSync(join(folder, 'start.safetensors'), encodeSafetensors(await getWeights(start)));
  start.dispose();
  const script = fileURLToPath(new URL('convergence.py', import.meta.url));
  const torch = (threads) => {
    const args = [folder, steps, width, learningRate, threads, ...shape.slice(0, 4)].map(String);
    execFileSync(options.python, [script, ...args], { stdio: 'inherit' });
    return JSON.parse(readFileSync(join(folder, 'losses.json'), 'utf8'));
  };
  const reference = torch(2);
  const curves = { 'PyTorch, one thread': torch(1) };
  for (const engine of options.engines.split(',')) curves[engine] = await train(engine, pairs);
  const tail = (curve) => curve.slice(-20).reduce((sum, v) => sum + v / 20, 0);
  console.log(`${steps} steps, width ${width}, ${shape.join('×')}, SGD ${learningRate}`);
  console.log(
    `PyTorch, two threads: loss ${reference[0].toFixed(5)} → ${tail(reference).toFixed(5)}`,
  );
  for (const [name, curve] of Object.entries(curves)) {
    const { largest, mean } = distance(curve, reference);
    const percent = (value) => `${(100 * value).toFixed(2)} %`;
    console.log(
      `${name}: loss ${curve[0].toFixed(5)} → ${tail(curve).toFixed(5)}; ten-step means apart from PyTorch: mean ${percent(mean)}, largest ${percent(largest)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
