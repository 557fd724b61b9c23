// Times a whole training step (or an inference) of the 3-D U-Net on the native back end beside PyTorch
// and onnxruntime-node: the steps of all are interleaved in one run, medians and ratios are printed, and
// the peak resident memory of each process.
//
//   node tools/bench/training-step.mjs --batch 1 --steps 5 --python python3 --python venv/bin/python
//     --size 64,64,32   --width 32   --mode train|infer   --threads 2   --precision fast|strict   --profile
//
// With --mode infer it needs onnxruntime-node, which fetches CUDA libraries unless told not to:
//   ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save onnxruntime-node
// Engines other than PyTorch's run in processes of their own, started by this file with --engine.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    batch: { type: 'string', default: '1' },
    steps: { type: 'string', default: '5' },
    warmup: { type: 'string', default: '1' },
    size: { type: 'string', default: '64,64,32' },
    width: { type: 'string', default: '32' },
    mode: { type: 'string', default: 'train' },
    threads: { type: 'string', default: '2' },
    precision: { type: 'string', default: 'fast' },
    python: { type: 'string', multiple: true, default: [] },
    profile: { type: 'boolean', default: false },
    engine: { type: 'string' },
  },
});
const batch = Number(options.batch);
const size = options.size.split(',').map(Number);
const width = Number(options.width);

/** One engine in its own process: a line in, a step, a line of JSON out. */
class Engine {
  constructor(command, args) {
    const env = { ...process.env, GENESIS_NUM_THREADS: options.threads };
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.seconds = [];
  }

  async read() {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`${this.process.spawnargs.join(' ')} ended early`);
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }

  async start() {
    Object.assign(this, await this.read());
  }

  async step(counts) {
    this.process.stdin.write('step\n');
    const { seconds, peakKiB } = await this.read();
    if (counts) this.seconds.push(seconds);
    this.peakKiB = peakKiB;
  }

  get median() {
    const sorted = this.seconds.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}

async function compare() {
  const own = fileURLToPath(import.meta.url);
  const shared = ['batch', 'width', 'mode', 'threads'].flatMap((name) => [
    `--${name}`,
    options[name],
  ]);
  const ours = [...shared, '--size', options.size, '--precision', options.precision];
  if (options.profile) ours.push('--profile');
  const engines = [new Engine(process.execPath, [own, '--engine', 'native', ...ours])];
  if (options.mode === 'infer') {
    engines.push(new Engine(process.execPath, [own, '--engine', 'onnxruntime', ...ours]));
  }
  const script = fileURLToPath(new URL('training-step.py', import.meta.url));
  for (const python of options.python) {
    engines.push(new Engine(python, [script, ...shared, '--size', ...size.map(String)]));
  }
  for (const engine of engines) await engine.start();
  for (let i = 0; i < Number(options.warmup) + Number(options.steps); i++) {
    for (const engine of engines) await engine.step(i >= Number(options.warmup));
  }
  console.log(
    `${options.mode}, batch ${batch}, ${size.join('×')}, width ${width}, ${options.threads} threads, ` +
      `median of ${options.steps}`,
  );
  for (const engine of engines) {
    const ratio = engine.median / engines[0].median;
    console.log(
      `${engine.name.padEnd(24)} ${(engine.median * 1e3).toFixed(1).padStart(9)} ms  ` +
        `${ratio.toFixed(2).padStart(6)}×  peak ${(engine.peakKiB / 1024).toFixed(0).padStart(5)} MiB`,
    );
    engine.process.stdin.end();
  }
}

/** Answers each line of standard input with one step's time. */
async function serve(name, step, extra = {}) {
  console.log(JSON.stringify({ name, ...extra }));
  for await (const _ of createInterface({ input: process.stdin })) {
    const start = performance.now();
    await step();
    const seconds = (performance.now() - start) / 1e3;
    const status = readFileSync('/proc/self/status', 'utf8');
    const peakKiB = Number(/VmHWM:\s+(\d+)/.exec(status)[1]);
    console.log(JSON.stringify({ seconds, peakKiB }));
  }
}

async function model() {
  const tf = await import('@tensorflow/tfjs-core');
  const unet = await import('@genesis/unet3d');
  const native = await import('@genesis/tfjs-backend-native');
  native.registerNativeBackend();
  native.setPrecision(options.precision);
  await tf.setBackend('native');
  const net = unet.unet3d({ inputShape: [...size, 1], width });
  const x = tf.randomUniform([batch, ...size, 1], 0, 1, 'float32', 1);
  return { tf, unet, native, net, x };
}

async function serveNative() {
  const { tf, unet, native, net, x } = await model();
  const optimizer = unet.sgd({ learningRate: 0.01, momentum: 0.9 });
  const train = () => {
    const gradients = unet.computeGradients(net, x, x, unet.meanSquaredError);
    optimizer.step(gradients.grads, net);
    unet.disposeGradients(gradients);
  };
  const infer = () => tf.dispose(net.predict(x, { batchSize: batch }));
  const step = options.mode === 'train' ? train : infer;
  await serve(
    `native ${options.precision}`,
    () => {
      if (!options.profile) return step();
      native.startNativeProfile();
      step();
      for (const entry of native.stopNativeProfile().slice(0, 16)) {
        const { kernel, path, calls, milliseconds } = entry;
        console.error(`${kernel.padEnd(24)} ${path} ${calls} ${milliseconds.toFixed(2)} ms`);
      }
    },
    { parameters: net.countParams() },
  );
}

/** The same network, exported, in onnxruntime-node with its usual optimisations. */
async function serveOnnx() {
  const { unet, net } = await model();
  const ort = await import('onnxruntime-node');
  const bytes = await unet.exportOnnx(net);
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: Number(options.threads),
    graphOptimizationLevel: 'all',
  });
  const input = new ort.Tensor('float32', new Float32Array(batch * size.reduce((a, b) => a * b)), [
    batch,
    1,
    ...size,
  ]);
  await serve('onnxruntime-node', () => session.run({ [session.inputNames[0]]: input }));
}

if (options.engine === 'native') await serveNative();
else if (options.engine === 'onnxruntime') await serveOnnx();
else await compare();
