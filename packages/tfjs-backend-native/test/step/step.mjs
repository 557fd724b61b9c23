// One training step of a small U-Net on the native back end, the same on every machine: loss, gradients, Adam, loss.
//
//   node step.mjs                compares with reference.bin, made on linux-x64; exit status 1 when it differs
//   node step.mjs --write FILE   writes what was computed (reference.bin: with GENESIS_ISA=avx512)
//   node step.mjs --out FILE     prints to a file, where a system has no usable output (Wine)
//
// Plain JavaScript on tfjs alone, to run where nothing else does: under emulators and in bare containers.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nativeStatus, registerNativeBackend } from '@genesis/tfjs-backend-native';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients

/** Relative L2 distance of all gradients: what convolutions in 'fast' precision are promised, twice. */
const TOLERANCE = 1e-5;

const { values: options } = parseArgs({
  options: { write: { type: 'string' }, out: { type: 'string' } },
});

/** Values in (−1, 1), the same everywhere: a linear congruential generator on 32 bits. */
function values(count, seed) {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Weights by name: a U-Net of two levels for 16 × 16 × 8 voxels. */
const shapes = {
  first: [3, 3, 3, 1, 4],
  second: [3, 3, 3, 4, 4],
  low: [3, 3, 3, 4, 8],
  joined: [3, 3, 3, 12, 4],
  last: [1, 1, 1, 4, 1],
};

/** Normalization with ReLU by the fused kernel, differentiable. */
const normAct = (x, gamma, beta) =>
  tf.customGrad((x, gamma, beta, save) => {
    const attrs = { groups: 'batch', epsilon: 1e-5, activation: 'relu' };
    const [y, mean, invStd] = tf.engine().runKernel('GenesisNormAct', { x, gamma, beta }, attrs);
    save([x, gamma, beta, mean, invStd]);
    const gradFunc = (dy, [x, gamma, beta, mean, invStd]) =>
      tf.engine().runKernel('GenesisNormActGrad', { dy, x, gamma, beta, mean, invStd }, attrs);
    return { value: y, gradFunc };
  })(x, gamma, beta);

/** Every voxel twice along each axis, by the fused kernel, differentiable. */
const twice = (x) =>
  tf.customGrad((x) => {
    const attrs = { size: [2, 2, 2] };
    return {
      value: tf.engine().runKernel('GenesisUpsample3d', { x }, attrs),
      gradFunc: (dy) => tf.engine().runKernel('GenesisUpsample3dGrad', { dy }, attrs),
    };
  })(x);

function network() {
  const weights = {};
  let seed = 0;
  const variable = (name, shape, spread, centre) => {
    const data = values(tf.util.sizeFromShape(shape), ++seed).map((x) => centre + spread * x);
    weights[name] = tf.variable(tf.tensor(data, shape), true, name);
  };
  for (const [name, shape] of Object.entries(shapes)) {
    variable(name, shape, 0.3, 0);
    variable(`${name}/gamma`, [shape[4]], 0.1, 1);
    variable(`${name}/beta`, [shape[4]], 0.1, 0);
  }
  const block = (x, name) =>
    normAct(
      tf.conv3d(x, weights[name], 1, 'same'),
      weights[`${name}/gamma`],
      weights[`${name}/beta`],
    );
  return (x) => {
    const high = block(block(x, 'first'), 'second');
    const low = block(tf.maxPool3d(high, 2, 2, 'valid'), 'low');
    const up = twice(low);
    const joined = block(tf.concat([high, up], 4), 'joined');
    return tf.sigmoid(tf.conv3d(joined, weights.last, 1, 'same'));
  };
}

registerNativeBackend();
await tf.setBackend('native');
const apply = network();
const x = tf.tensor(values(2 * 16 * 16 * 8, 101), [2, 16, 16, 8, 1]);
const target = tf.tensor(values(2 * 16 * 16 * 8, 102), [2, 16, 16, 8, 1]);
const loss = () => tf.mean(tf.squaredDifference(apply(x), target));
const optimizer = tf.train.adam(0.01);
const { value, grads } = tf.variableGrads(loss);
const before = value.dataSync()[0];
optimizer.applyGradients(grads);
const after = tf.tidy(() => loss().dataSync()[0]);

const names = Object.keys(grads).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const computed = Float32Array.from([
  before,
  after,
  ...names.flatMap((name) => [...grads[name].dataSync()]),
]);
const { addon, isa, threads } = nativeStatus();
const lines = [
  `${process.platform}-${process.arch}, Node ${process.version}, ${isa}, ${threads} threads`,
  addon,
  `loss ${before} → ${after}, ${computed.length - 2} gradients`,
];
let failed = false;
if (options.write) writeFileSync(options.write, new Uint8Array(computed.buffer));
else {
  const bytes = readFileSync(fileURLToPath(new URL('reference.bin', import.meta.url)));
  const reference = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  let [error, size] = [0, 0];
  for (let i = 2; i < reference.length; i++) {
    error += (computed[i] - reference[i]) ** 2;
    size += reference[i] ** 2;
  }
  const distance = Math.sqrt(error / size);
  const losses = Math.max(...[0, 1].map((i) => Math.abs(computed[i] / reference[i] - 1)));
  failed = !(distance <= TOLERANCE && losses <= TOLERANCE) || computed.length !== reference.length;
  lines.push(
    `gradients ${distance.toExponential(1)} from those of linux-x64, losses ${losses.toExponential(1)}, tolerance ${TOLERANCE}${failed ? ': FAILED' : ''}`,
  );
}
if (options.out) writeFileSync(options.out, `${lines.join('\n')}\n`);
else console.log(lines.join('\n'));
process.exitCode = failed ? 1 : 0;
