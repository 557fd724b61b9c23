// The webgpu engine beside TensorFlow.js's stock one on the same device: convolutions in all directions, and whole training steps with
// what they ask of the device. Times are of the processor (all threads of the process), which is what counts on a software driver, and
// of the clock; both engines take turns, medians and factors are printed.
//
//   node tools/bench/webgpu.mjs                    on the machine's graphics card
//   node tools/vulkan/software-driver.mjs -- node tools/bench/webgpu.mjs --tiny
//
//     --tiny        sizes for a software driver
//     --rounds N    how often each is measured (default 3)
//     --width N, --levels N, --size D,H,W, --batch N    the network of the steps
//     --stock no    the steps of the stock engine are left out
//     --only convolutions,steps
//     --tune        measures the variants of each convolution after the first run, and takes the fastest
//     --json FILE   all numbers
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    tiny: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    width: { type: 'string', default: '32' },
    levels: { type: 'string' },
    size: { type: 'string' },
    batch: { type: 'string', default: '1' },
    stock: { type: 'string', default: 'yes' },
    only: { type: 'string', default: 'convolutions,steps' },
    tune: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const only = options.only.split(',');
const size = (options.size ?? (options.tiny ? '16,16,8' : '64,64,32')).split(',').map(Number);
const levels = Number(options.levels ?? (options.tiny ? 3 : 4));
const batch = Number(options.batch);
const width = Number(options.width);
const SHAPES = options.tiny
  ? [
      { size: [16, 16, 8], inputs: 32, outputs: 64 },
      { size: [8, 8, 8], inputs: 192, outputs: 64 },
      { size: [8, 8, 4], inputs: 256, outputs: 256 },
    ]
  : [
      { size: [64, 64, 32], inputs: 32, outputs: 64 },
      { size: [64, 64, 32], inputs: 192, outputs: 64 },
      { size: [32, 32, 16], inputs: 384, outputs: 128 },
      { size: [8, 8, 4], inputs: 512, outputs: 512 },
    ];

// WebGPU must be there before the stock package is imported; its kernels are kept before the engine puts its own in their place.
const require = createRequire(new URL('../../packages/unet3d/package.json', import.meta.url));
if (!globalThis.navigator) {
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
}
if (!navigator.gpu) {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  Object.defineProperty(navigator, 'gpu', { value: create([]), configurable: true });
}
const tf = require('@tensorflow/tfjs-core');
const { WebGPUBackend } = require('@tensorflow/tfjs-backend-webgpu');
const stockKernels = tf.getKernelsForBackend('webgpu');
const unet = await import('@genesis/unet3d');
const engine = await unet.selectEngine('webgpu');
const backend = tf.backend();
for (const kernel of stockKernels) tf.registerKernel({ ...kernel, backendName: 'stock' });
tf.registerBackend('stock', () => new WebGPUBackend(backend.device, {}));
console.log(engine.details.description || engine.details.device || engine.details.vendor);
if (engine.details.software) console.log('a software adapter: factors count, speeds do not');

const report = {
  details: engine.details,
  node: process.version,
  convolutions: [],
  steps: [],
  choices: {},
};
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const flush = async () => {
  const current = tf.backend();
  current.endComputePassEncoder();
  current.ensureCommandEncoderReady();
  current.submitQueue();
  await backend.device.queue.onSubmittedWorkDone();
};

/** Milliseconds of the processor and of the clock. */
async function cost(f) {
  await backend.device.queue.onSubmittedWorkDone();
  const before = process.cpuUsage();
  const begun = performance.now();
  await f();
  const { user, system } = process.cpuUsage(before);
  return { processor: (user + system) / 1000, clock: performance.now() - begun };
}

/** Runs `f(name)` on both engines in turn; the first run of each is not counted. */
async function inTurns(names, f) {
  const costs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      await tf.setBackend(name);
      const one = await f(name);
      if (round > 0) costs[name].push(one);
      else if (options.tune && name === 'webgpu') {
        Object.assign(report.choices, await unet.tuneEngine(60_000));
      }
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        processor: median(costs[name].map(({ processor }) => processor)),
        clock: median(costs[name].map(({ clock }) => clock)),
      },
    ]),
  );
}

const noise = (shape) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.random() - 0.5),
    shape,
  );
const names = options.stock === 'no' ? ['webgpu'] : ['stock', 'webgpu'];

if (only.includes('convolutions')) {
  const factors = [];
  for (const { size: space, inputs, outputs } of SHAPES) {
    const shapes = {
      x: [batch, ...space, inputs],
      filter: [3, 3, 3, inputs, outputs],
      dy: [batch, ...space, outputs],
    };
    const attrs = { strides: [1, 1, 1], pad: 'same', dataFormat: 'NDHWC', dilations: [1, 1, 1] };
    const directions = {
      forward: ['Conv3D', ['x', 'filter'], attrs],
      'input gradient': [
        'Conv3DBackpropInputV2',
        ['dy', 'filter'],
        { ...attrs, inputShape: shapes.x },
      ],
      'filter gradient': [
        'Conv3DBackpropFilterV2',
        ['x', 'dy'],
        { ...attrs, filterShape: shapes.filter },
      ],
    };
    const flops = 2 * batch * space.reduce((a, b) => a * b, 1) * 27 * inputs * outputs;
    for (const [direction, [kernel, roles, attributes]] of Object.entries(directions)) {
      const given = {};
      for (const name of names) {
        await tf.setBackend(name);
        given[name] = Object.fromEntries(roles.map((role) => [role, noise(shapes[role])]));
        for (const tensor of Object.values(given[name])) tf.backend().uploadToGPU(tensor.dataId);
      }
      const costs = await inTurns(names, (name) =>
        cost(async () => {
          const y = tf.engine().runKernel(kernel, given[name], attributes);
          await flush();
          y.dispose();
        }),
      );
      const { stock, webgpu } = costs;
      const factor = stock && stock.processor / webgpu.processor;
      if (factor) factors.push(factor);
      report.convolutions.push({ size: space, inputs, outputs, direction, flops, costs, factor });
      const speed = (flops / webgpu.clock / 1e6).toFixed(1);
      console.log(
        `${inputs}→${outputs} at ${space.join('×')}, ${direction}: ${speed} GFLOP/s, processor ${webgpu.processor.toFixed(0)} ms${stock ? `, stock ${stock.processor.toFixed(0)} ms, factor ${factor.toFixed(1)}` : ''}`,
      );
      for (const name of names) {
        await tf.setBackend(name);
        tf.dispose(Object.values(given[name]));
      }
    }
  }
  if (factors.length > 0) {
    const mean = Math.exp(factors.reduce((sum, f) => sum + Math.log(f), 0) / factors.length);
    report.geometricMean = mean;
    console.log(`geometric mean of the factors: ${mean.toFixed(2)}`);
  }
}

/** Counts what the stock engine asks of the device, as ours counts by itself. */
function countStock(stock) {
  const counts = { dispatches: 0, uploads: 0, submits: 0 };
  const { runWebGPUProgram, submitQueue } = stock;
  stock.runWebGPUProgram = (...args) => {
    counts.dispatches++;
    counts.uploads++;
    return runWebGPUProgram.apply(stock, args);
  };
  stock.submitQueue = () => {
    counts.submits++;
    return submitQueue.call(stock);
  };
  return counts;
}

if (only.includes('steps')) {
  const shape = [batch, ...size, 1];
  const trained = {};
  for (const name of names) {
    await tf.setBackend(name);
    trained[name] = {
      model: unet.unet3d({ inputShape: shape.slice(1), width, levels, seed: 0 }),
      optimizer: unet.adam({ learningRate: 1e-3 }),
      counts: name === 'stock' ? countStock(tf.backend()) : backend.counts,
      peaks: [],
      losses: [],
    };
  }
  const costs = await inTurns(names, async (name) => {
    const one = trained[name];
    const before = { ...one.counts };
    if (name === 'webgpu') backend.pool.resetPeaks();
    const x = tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
      shape,
    );
    const result = await cost(async () => {
      const gradients = unet.computeGradients(one.model, x, x, unet.meanSquaredError);
      one.optimizer.step(gradients.grads, one.model);
      one.losses.push((await gradients.loss.data())[0]);
      unet.disposeGradients(gradients);
    });
    x.dispose();
    one.asked = Object.fromEntries(
      Object.entries(one.counts).map(([what, count]) => [what, count - before[what]]),
    );
    one.peaks.push(backend.pool.peakBytesAllocated);
    return result;
  });
  for (const name of names) {
    const { asked, losses, peaks } = trained[name];
    const { processor, clock } = costs[name];
    report.steps.push({
      engine: name,
      shape,
      width,
      levels,
      processor,
      clock,
      asked,
      losses,
      peaks,
    });
    console.log(
      `step of ${shape.join('×')}, width ${width}, ${levels} levels on ${name}: ${clock.toFixed(0)} ms, processor ${processor.toFixed(0)} ms; ${JSON.stringify(asked)}; losses ${losses.map((l) => l.toFixed(7)).join(' ')}${name === 'webgpu' ? `; peak MiB ${peaks.map((p) => (p / 2 ** 20).toFixed(1)).join(' ')}` : ''}`,
    );
  }
  if (costs.stock) {
    report.stepFactor = costs.stock.processor / costs.webgpu.processor;
    console.log(`factor of the step: ${report.stepFactor.toFixed(1)}`);
  }
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
process.exit(0);
