// One rank of a measurement: training steps of a network on random data, the collectives alone, or the time at which each
// gradient becomes known. Started by mpi-hosts.mjs and mpi-throughput.mjs; prints one line of JSON from rank 0.
//
//   mpirun -np 2 node tools/bench/mpi-step.mjs '{"mode":"steps","width":8,"levels":4,"crop":[32,32,32],"share":2,"steps":10}'

import { launchedBy, mpiWorld } from '@genesis/mpi';
import { setNumThreads } from '@genesis/tfjs-backend-native';
import { mpiReplicas } from '@genesis/trainer';
import { computeGradients, meanSquaredError, selectEngine, sgd, unet3d } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';

const opts = {
  mode: 'steps',
  width: 8,
  levels: 4,
  crop: [32, 32, 32],
  share: 2,
  steps: 10,
  threads: 1,
  bucketMb: 4,
  reduceAs: 'float32',
  overlap: true,
  communicate: true,
  norm: 'instance',
  ...JSON.parse(process.argv[2] ?? '{}'),
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = () => performance.now() / 1000;

const alone = (launchedBy()?.size ?? 1) === 1;
const world = alone ? undefined : mpiWorld();
const replicas = world && mpiReplicas(world, { ...opts, syncNorm: false });

function say(result) {
  if (!world || world.rank === 0) console.log(JSON.stringify(result));
}

/** Medians over messages of each size, in bytes. */
async function collectives() {
  const times = {};
  for (const bytes of opts.sizes ?? [8, 2 ** 16, 2 ** 20, 2 ** 22]) {
    const values = new Float32Array(bytes / 4);
    const found = [];
    for (let n = 0; n < opts.steps; n++) {
      await world.barrier();
      const begun = seconds();
      await world.allReduce(values);
      found.push(seconds() - begun);
    }
    times[bytes] = median(found);
  }
  say({ collectives: times });
}

async function steps() {
  await selectEngine('native');
  setNumThreads(opts.threads);
  const model = unet3d({
    inputShape: [...opts.crop, 1],
    width: opts.width,
    levels: opts.levels,
    norm: opts.norm,
    seed: 0,
  });
  const optimizer = sgd({ learningRate: 1e-3, momentum: 0.9 });
  const shape = [opts.share, ...opts.crop, 1];
  const [x, y] = [1, 2].map((seed) => tf.randomUniform(shape, 0, 1, 'float32', seed));
  const found = { step: [], exposed: [], backward: [] };
  let known = [];
  for (let n = 0; n < opts.steps + 2; n++) {
    await world?.barrier();
    const begun = seconds();
    known = [];
    const { loss, grads } = computeGradients(model, x, y, meanSquaredError, {
      onGradient(name, gradient) {
        known.push([gradient.size * 4, seconds() - begun]);
        if (opts.communicate) replicas?.onGradient?.(name, gradient);
      },
    });
    const computed = seconds();
    const sums = opts.communicate && replicas ? await replicas.allReduce(grads) : grads;
    const summed = seconds();
    optimizer.step(sums, model);
    tf.dispose([loss, sums]);
    if (n < 2) continue;
    found.step.push(seconds() - begun);
    found.backward.push(computed - begun);
    found.exposed.push(summed - computed);
  }
  say({
    parameters: model.countParams(),
    step: median(found.step),
    backward: median(found.backward),
    exposed: median(found.exposed),
    known,
  });
}

await (opts.mode === 'steps' ? steps() : collectives());
