import { noise, relativeError } from '@genesis/testing/numbers';
import type { EngineName } from '@genesis/unet3d/engine';
import * as tf from '@tensorflow/tfjs-core';
import { useEngine } from '../support/use-engine.js';
import type { Finding, Input, KernelCase, Operation, OperationCase } from './api.js';

interface Result {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

function tensorOf({ shape, scale = 1, shift = 0 }: Input, seed: number): tf.Tensor {
  const data = noise(tf.util.sizeFromShape([...shape]), seed);
  return tf.tensor(
    data.map((value) => value * scale + shift),
    [...shape],
  );
}

/** Reads tensors and disposes them. */
async function read(tensors: readonly tf.Tensor[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const tensor of tensors) {
    results.push({ shape: tensor.shape, data: Float32Array.from(await tensor.data()) });
    tensor.dispose();
  }
  return results;
}

function distance(actual: Result | undefined, expected: Result): number {
  if (actual?.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  if (!expected.data.every(Number.isFinite)) return Number.NaN;
  return relativeError(actual.data, expected.data);
}

/** The value on the engine in use, and the gradient of Σ value · noise in each input. */
async function valueAndGradients(f: Operation, inputs: readonly Input[]): Promise<Result[]> {
  const given = inputs.map((input, i) => tensorOf(input, i + 1));
  const value = tf.tidy(() => f(...given));
  const dy = tensorOf({ shape: value.shape }, 99);
  const gradients = tf.grads((...xs: tf.Tensor[]) => f(...xs))(given, dy);
  const results = await read([value, ...gradients]);
  tf.dispose([given, dy]);
  return results;
}

const references = new WeakMap<OperationCase, Result[]>();

/** What a case should give, computed once on the stock cpu engine, which must be in use. */
async function referenceOf(one: OperationCase): Promise<Result[]> {
  const known = references.get(one) ?? (await valueAndGradients(one.expected, one.inputs));
  references.set(one, known);
  return known;
}

/** Runs operations and their references, and says how far apart they are. Leaves the engine in use. */
export async function runOperations(
  engine: EngineName,
  cases: readonly OperationCase[],
): Promise<Finding[]> {
  await useEngine('cpu');
  const expected: Result[][] = [];
  for (const one of cases) expected.push(await referenceOf(one));
  await useEngine(engine);
  const findings: Finding[] = [];
  for (const [at, { name, actual: f, inputs }] of cases.entries()) {
    const actual = await valueAndGradients(f, inputs);
    for (const [i, reference] of expected[at].entries()) {
      findings.push({
        name,
        result: i === 0 ? 'value' : `gradient ${i - 1}`,
        kind: i === 0 ? 'values' : 'gradients',
        error: distance(actual[i], reference),
      });
    }
  }
  return findings;
}

/** Calls fused kernels by name, and says how far from their references their outputs are. Leaves the engine in use. */
export async function runKernels(
  engine: EngineName,
  cases: readonly KernelCase[],
): Promise<Finding[]> {
  await useEngine('cpu');
  const prepared: { inputs: [string, Result][]; expected: Result[] }[] = [];
  for (const { inputs: make, expected: f } of cases) {
    const inputs = tf.tidy(make);
    const expected = await read(tf.tidy(() => f(inputs)));
    const given = await read(Object.values(inputs));
    prepared.push({ inputs: Object.keys(inputs).map((name, i) => [name, given[i]]), expected });
  }
  await useEngine(engine);
  const findings: Finding[] = [];
  for (const [at, { name, kernel, attrs }] of cases.entries()) {
    if (tf.getKernel(kernel, tf.getBackend()) == null) continue;
    const { inputs, expected } = prepared[at];
    const given = inputs.map(([, { data, shape }]) => tf.tensor(data.slice(), [...shape]));
    const named = Object.fromEntries(inputs.map(([input], i) => [input, given[i]]));
    const outputs = tf.engine().runKernel(kernel, named, attrs as tf.NamedAttrMap) as
      | tf.Tensor
      | tf.Tensor[];
    const actual = await read(Array.isArray(outputs) ? outputs : [outputs]);
    for (const [i, reference] of expected.entries()) {
      const error = distance(actual[i], reference);
      findings.push({ name, result: `output ${i}`, kind: 'values', error });
    }
    // A kernel leaves its inputs as they were.
    for (const [i, after] of (await read(given)).entries()) {
      const error = distance(after, inputs[i][1]);
      findings.push({ name, result: `input ${inputs[i][0]}, after`, kind: 'values', error });
    }
  }
  return findings;
}
