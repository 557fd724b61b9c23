import { spawnSync } from 'node:child_process';
import { GENESIS_KERNELS } from '@genesis/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import test, { type ExecutionContext } from 'ava';
import { testOn, whyNot } from '../support/engines.js';
import type { Finding } from './api.js';
import { kernels, operations } from './cases/index.js';
import { ENGINES, TOLERANCES, type Tolerance } from './engines.js';
import { runKernels, runOperations } from './run-cases.js';

function allWithin(t: ExecutionContext, findings: readonly Finding[], tolerance: Tolerance): void {
  const worst = { values: 0, gradients: 0 };
  for (const { name, result, kind, error } of findings) {
    t.true(error <= tolerance[kind], `${name}, ${result}: ${error}`);
    worst[kind] = Math.max(worst[kind], error);
  }
  t.log(`values ${worst.values.toExponential(1)}, gradients ${worst.gradients.toExponential(1)}`);
}

for (const engine of ENGINES) {
  for (const [kind, cases] of Object.entries(operations)) {
    testOn(engine, `${kind} on ${engine} equal stock operations on cpu`, async (t) => {
      const before = tf.memory().numTensors;
      const findings = await runOperations(engine, cases);
      t.true(findings.length >= 2 * cases.length);
      allWithin(t, findings, TOLERANCES[engine]);
      t.is(tf.memory().numTensors, before);
    });
  }
  testOn(
    engine,
    `the fused kernels that ${engine} has equal stock operations on cpu`,
    async (t) => {
      const before = tf.memory().numTensors;
      allWithin(t, await runKernels(engine, kernels), TOLERANCES[engine]);
      t.is(tf.memory().numTensors, before);
    },
  );
}

const haveCompiler = ['g++', 'clang++'].some(
  (compiler) => spawnSync(compiler, ['--version']).status === 0,
);
const withCompiler = haveCompiler ? test : test.skip;

withCompiler(`native is among the engines${haveCompiler ? '' : ' (no C++ compiler)'}`, (t) => {
  t.is(whyNot('native'), undefined);
});

test('every fused kernel has cases', (t) => {
  t.deepEqual(
    [...new Set(kernels.map(({ kernel }) => kernel))].sort(),
    [...GENESIS_KERNELS].sort(),
  );
});
