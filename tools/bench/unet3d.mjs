// Training step and inference of the reference network at full size, beside PyTorch: seconds and
// peak resident memory. Each measurement is a process of its own; the two alternate.
//
//   node tools/bench/unet3d.mjs --python PYTHON [--engine native] [--batches 1,2] [--rounds 3] [--steps 3]
//
// PYTHON is an interpreter with torch; without --python only our side is measured. Prints medians over
// the rounds and the ratios PyTorch / ours (larger is better for us).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    engine: { type: 'string', default: 'native' },
    batches: { type: 'string', default: '1,2' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '3' },
    measure: { type: 'string' },
  },
});

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Runs in the child: one warm-up and some timed steps and predictions of one batch size. */
async function measure(batch, steps) {
  const { computeGradients, disposeGradients, meanSquaredError, selectEngine, sgd, unet3d } =
    await import('@genesis/unet3d');
  const tf = await import('@tensorflow/tfjs-core');
  await selectEngine(values.engine);
  const model = unet3d({ inputShape: [64, 64, 32, 1] });
  const data = Float32Array.from({ length: batch * 131072 }, (_, i) => Math.abs(Math.sin(i)));
  const x = tf.tensor(data, [batch, 64, 64, 32, 1]);
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
  const time = async (count, f) => {
    const seconds = [];
    for (let i = 0; i <= count; i++) {
      const start = performance.now();
      await f();
      if (i > 0) seconds.push((performance.now() - start) / 1000);
    }
    return median(seconds);
  };
  const predict = await time(steps, async () => {
    const y = model.predictOnBatch(x);
    await y.data();
    y.dispose();
  });
  const predictPeak = process.resourceUsage().maxRSS / 1024;
  const train = await time(steps, async () => {
    const gradients = computeGradients(model, x, x, meanSquaredError);
    optimizer.step(gradients.grads, model);
    await gradients.loss.data();
    disposeGradients(gradients);
  });
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ train, predict, peak, predictPeak }));
}

function child(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 24 });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').pop());
}

if (values.measure) {
  await measure(Number(values.measure), Number(values.steps));
} else {
  const script = fileURLToPath(import.meta.url);
  const torch = fileURLToPath(new URL('unet3d-torch.py', import.meta.url));
  for (const batch of values.batches.split(',')) {
    const ours = [];
    const theirs = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      ours.push(
        child(process.execPath, [
          script,
          `--measure=${batch}`,
          `--engine=${values.engine}`,
          `--steps=${values.steps}`,
        ]),
      );
      if (values.python) theirs.push(child(values.python, [torch, batch, values.steps]));
    }
    console.log(`batch ${batch}, 64×64×32, engine ${values.engine}`);
    for (const [key, unit] of [
      ['train', 's'],
      ['predict', 's'],
      ['peak', 'MiB'],
      ['predictPeak', 'MiB'],
    ]) {
      const a = median(ours.map((m) => m[key]));
      const line = `  ${key.padEnd(12)} ours ${a.toFixed(2)} ${unit}`;
      if (theirs.length === 0) {
        console.log(line);
        continue;
      }
      const b = median(theirs.map((m) => m[key]));
      console.log(`${line}, PyTorch ${b.toFixed(2)} ${unit}, ratio ${(b / a).toFixed(2)}`);
    }
  }
}
