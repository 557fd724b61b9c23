import { relativeL2 } from '@genesis/testing';
import {
  computeGradients,
  diceLoss,
  getWeights,
  type Loss,
  meanSquaredError,
  type Norm,
  type ReplicaScope,
  unet3d,
  type WeightGradients,
} from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test, { type ExecutionContext } from 'ava';
import { testOn } from './support/engines.js';
import { values } from './support/gradient-check.js';

/** Values in [0, 1). */
const unit = (shape: number[], salt: number): tf.Tensor =>
  tf.tidy(() => tf.add(tf.mul(values(shape, salt), 0.5), 0.5));

const network = (norm: Norm) =>
  unet3d({ inputShape: [8, 8, 4, 1], width: 2, levels: 2, norm, seed: 3 });

/**
 * Sums over replicas that run one after the other: a sum takes what the others gave at this place in the pass before. What is given
 * depends on earlier sums alone, so that after as many passes as there are sums all are right.
 */
class Rehearsal {
  private readonly given: Float64Array[][];
  private calls = 0;

  constructor(readonly size: number) {
    this.given = Array.from({ length: size }, () => []);
  }

  of(rank: number): (values: Float64Array) => void {
    let call = 0;
    return (values) => {
      this.given[rank][call] = values.slice();
      for (let other = 0; other < this.size; other++) {
        if (other === rank) continue;
        this.given[other][call]?.forEach((value, n) => {
          values[n] += value;
        });
      }
      this.calls = Math.max(this.calls, ++call);
    };
  }

  get passes(): number {
    return this.calls + 1;
  }
}

/** The gradient of a batch by replicas that hold `shares` samples each. */
function shared(
  norm: Norm,
  loss: Loss,
  shares: readonly number[],
  syncNorm: boolean,
): { loss: number; grads: Map<string, Float32Array>; statistics: Promise<Map<string, unknown>> } {
  const batch = shares.reduce((a, b) => a + b, 0);
  const rehearsal = new Rehearsal(shares.length);
  const model = network(norm);
  const initial = getWeights(model);
  const total = new Map<string, Float32Array>();
  let sum = 0;
  for (let pass = 0; pass === 0 || pass < rehearsal.passes; pass++) {
    total.clear();
    sum = 0;
    let first = 0;
    shares.forEach((share, rank) => {
      const scope: ReplicaScope = { sum: rehearsal.of(rank), syncNorm };
      const [x, y] = tf.tidy(() =>
        [1, 2].map((salt) =>
          tf.slice(unit([batch, 8, 8, 4, 1], salt), [first, 0, 0, 0, 0], [share, -1, -1, -1, -1]),
        ),
      );
      first += share;
      const weighted: Loss = (t, p) => tf.mul(loss(t, p), share / batch) as tf.Scalar;
      const found = computeGradients(model, x, y, weighted, { replicas: scope });
      sum += found.loss.dataSync()[0];
      for (const [name, grad] of Object.entries(found.grads)) {
        const before = total.get(name);
        const own = grad.dataSync() as Float32Array;
        total.set(name, before ? before.map((v, n) => v + own[n]) : own.slice());
      }
      tf.dispose([x, y, found.loss, ...Object.values(found.grads)]);
    });
  }
  const statistics = initial.then(() => getWeights(model));
  return { loss: sum, grads: total, statistics };
}

function alone(norm: Norm, loss: Loss, batch: number): { loss: number; grads: WeightGradients } {
  const model = network(norm);
  const [x, y] = [1, 2].map((salt) => unit([batch, 8, 8, 4, 1], salt));
  const { loss: value, grads } = computeGradients(model, x, y, loss);
  return { loss: value.dataSync()[0], grads };
}

function compare(
  t: ExecutionContext,
  norm: Norm,
  loss: Loss,
  shares: number[],
  sync: boolean,
): void {
  const expected = alone(
    norm,
    loss,
    shares.reduce((a, b) => a + b, 0),
  );
  const found = shared(norm, loss, shares, sync);
  t.true(Math.abs(found.loss - expected.loss) < 2e-6 * Math.abs(expected.loss));
  for (const [name, grad] of Object.entries(expected.grads)) {
    const [a, b] = [found.grads.get(name) as Float32Array, grad.dataSync()];
    // What a normalisation takes away has a gradient of rounding errors alone.
    if (name.endsWith('conv.bias') && norm !== 'none') continue;
    t.true(relativeL2(a, b) < 2e-4, `${name}: ${relativeL2(a, b)}`);
  }
}

for (const engine of ['native', 'cpu'] as const) {
  testOn(engine, `${engine}: instance norm: shares of a batch give its gradient`, (t) => {
    compare(t, 'instance', meanSquaredError, [2, 1], false);
  });
  testOn(engine, `${engine}: a Dice over the batch is one over all replicas`, (t) => {
    compare(t, 'instance', diceLoss(), [1, 2], false);
  });
  testOn(engine, `${engine}: synchronised batch norm gives one process's gradient`, (t) => {
    compare(t, 'batch', meanSquaredError, [1, 2], true);
  });
}

testOn(
  'cpu',
  'a synchronised batch norm keeps the running statistics of the whole batch',
  async (t) => {
    const model = network('batchRunning');
    // Two replicas with the same samples: every sum is twice one's own.
    const [x1, y1] = [1, 2].map((salt) => unit([1, 8, 8, 4, 1], salt));
    const twice = tf.concat([x1, x1]);
    const reference = network('batchRunning');
    computeGradients(reference, twice, tf.concat([y1, y1]), meanSquaredError);
    const sum = (values: Float64Array): void =>
      values.forEach((v, n) => {
        values[n] = 2 * v;
      });
    computeGradients(model, x1, y1, meanSquaredError, { replicas: { sum, syncNorm: true } });
    const wanted = await getWeights(reference);
    for (const [name, { data }] of await getWeights(model)) {
      if (!name.includes('moving')) continue;
      t.true(relativeL2(data as Float32Array, wanted.get(name)?.data as Float32Array) < 1e-5, name);
    }
  },
);

test.serial(
  'gradients are told during the backward pass, from the last layer to the first',
  (t) => {
    const model = network('instance');
    const [x, y] = [1, 2].map((salt) => unit([1, 8, 8, 4, 1], salt));
    const told: string[] = [];
    const copies = new Map<string, Float32Array>();
    const { grads } = computeGradients(model, x, y, meanSquaredError, {
      onGradient(name, gradient) {
        told.push(name);
        copies.set(name, (gradient.dataSync() as Float32Array).slice());
      },
    });
    t.deepEqual([...told].sort(), Object.keys(grads).sort());
    for (const [name, grad] of Object.entries(grads))
      t.deepEqual(copies.get(name), grad.dataSync());
    const layers = [...new Set(told.map((name) => name.split('.').slice(0, 2).join('.')))];
    t.deepEqual(
      layers,
      [...layers].sort((a, b) => rank(a) - rank(b)),
    );
  },
);

/** Where a part of the network stands in the backward pass. */
function rank(layer: string): number {
  const [part, level] = layer.split('.');
  if (part === 'head') return -1;
  return part === 'decoder' ? Number(level) : 20 - Number(level);
}
