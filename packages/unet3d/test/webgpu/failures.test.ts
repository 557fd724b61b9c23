// What goes wrong on a graphics device is never silent: it throws within one step, and nothing runs on afterwards.
import {
  computeGradients,
  disposeGradients,
  meanSquaredError,
  unet3d,
  WebGpuError,
  type WebGpuErrorCode,
} from '@genesis/unet3d';
import { selectEngine } from '@genesis/unet3d/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { ExecutionContext } from 'ava';
import type { GenesisBackend } from '#src/engine/webgpu/device/backend.js';
import type { Kernel, Launch } from '#src/engine/webgpu/device/kernel.js';
import { testOn } from '../support/engines.js';

const CODE = `@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<uniform> P: vec4<u32>;
@compute @workgroup_size(1) fn main() { y[0] = f32(P.x); }`;
const KERNEL: Kernel = { name: 'injected', key: 'injected', access: 'w', code: () => CODE };

function device(): GenesisBackend {
  return tf.backend() as unknown as GenesisBackend;
}

/** A launch that is right, but for what is changed. */
function launchOf(backend: GenesisBackend, changed: Partial<Launch> = {}): Launch {
  const buffers = [backend.whole(backend.output([4]))];
  return { kernel: KERNEL, buffers, params: [7], groups: [1, 1, 1], ...changed };
}

/** One training step, whose loss is read. */
async function step(between: () => void): Promise<number> {
  const model = unet3d({ inputShape: [4, 4, 4, 1], width: 1, levels: 2 });
  const x = tf.ones([1, 4, 4, 4, 1]);
  try {
    between();
    const result = computeGradients(model, x, x, meanSquaredError);
    const [loss] = await result.loss.data();
    disposeGradients(result);
    return loss;
  } finally {
    // Nothing is left to free on a device that is gone.
    tf.engine().startScope();
    tf.engine().endScope();
  }
}

/** Within one step there is an error of this code; afterwards everything throws the same; a new device is whole. */
async function failsWith(
  t: ExecutionContext,
  code: WebGpuErrorCode,
  kernel: string | undefined,
  inject: (backend: GenesisBackend) => void,
): Promise<void> {
  const backend = device();
  const error = await t.throwsAsync(
    step(() => inject(backend)),
    { instanceOf: WebGpuError, code },
  );
  t.is(error.kernel, kernel);
  if (kernel !== undefined) t.true(error.message.includes(kernel), error.message);
  t.log(error.message);
  if (code === 'gpu-limit') return;
  t.is(
    t.throws(() => tf.add(tf.ones([2]), tf.ones([2])), { instanceOf: WebGpuError }),
    error,
  );
  await selectEngine('webgpu');
  t.not(device(), backend);
  t.true((await step(() => undefined)) > 0);
}

testOn('webgpu', 'a kernel that does not compile throws its name', (t) =>
  failsWith(t, 'gpu-validation', 'broken', (backend) => {
    const kernel = { ...KERNEL, name: 'broken', key: 'broken', code: () => `${CODE} nonsense` };
    backend.launch(launchOf(backend, { kernel }));
  }),
);

testOn('webgpu', 'a ninth buffer at the default limit throws', (t) =>
  failsWith(t, 'gpu-limit', 'injected', (backend) => {
    const [one] = launchOf(backend).buffers;
    const kernel = { ...KERNEL, access: 'w'.repeat(9) };
    backend.limits.storageBuffers = 8;
    backend.launch(launchOf(backend, { kernel, buffers: new Array(9).fill(one) }));
  }),
);

testOn('webgpu', 'a grid of 70,000 throws', (t) =>
  failsWith(t, 'gpu-limit', 'injected', (backend) => {
    backend.launch(launchOf(backend, { groups: [70_000, 1, 1] }));
  }),
);

testOn('webgpu', 'a binding that is too large throws', (t) =>
  failsWith(t, 'gpu-limit', 'injected', (backend) => {
    const [{ buffer }] = launchOf(backend).buffers;
    const size = backend.limits.binding + 16;
    backend.launch(launchOf(backend, { buffers: [{ buffer, offset: 0, size }] }));
  }),
);

testOn('webgpu', 'a binding beyond its buffer throws', (t) =>
  failsWith(t, 'gpu-validation', 'injected', (backend) => {
    const [{ buffer }] = launchOf(backend).buffers;
    backend.launch(
      launchOf(backend, { buffers: [{ buffer, offset: 0, size: buffer.size + 256 }] }),
    );
  }),
);

testOn('webgpu', 'a device that is lost in the middle throws', (t) =>
  failsWith(t, 'gpu-lost', undefined, (backend) => {
    backend.launch(launchOf(backend));
    backend.device.destroy();
  }),
);

testOn('webgpu', 'what the stock kernels silently got wrong at rank 5 is right', async (t) => {
  const values = Float32Array.from({ length: 64 }, (_, i) => i - 30);
  const one: [number, number] = [0, 0];
  const results = (): tf.Tensor[] => {
    const x = tf.tensor5d(values, [2, 2, 2, 2, 4]);
    const row = tf.tensor1d([1, 2, 3, 4]);
    return resultsOf(x, row);
  };
  const resultsOf = (x: tf.Tensor5D, row: tf.Tensor1D): tf.Tensor[] => [
    tf.add(x, row),
    tf.sub(row, x),
    tf.mul(x, row),
    tf.div(x, row),
    tf.maximum(x, row),
    tf.minimum(x, row),
    tf.pow(x, row),
    tf.squaredDifference(x, row),
    tf.floorDiv(x, row),
    tf.cast(tf.greater(x, row), 'float32'),
    tf.pad(x, [one, [1, 2], one, [0, 1], [1, 0]], 3),
    tf.where(tf.greater(x, 0), x, tf.mul(x, 2)),
    tf.tile(x, [1, 2, 1, 3, 1]),
    tf.transpose(x, [4, 0, 3, 1, 2]),
    tf.sum(x, [0, 2, 4]),
    tf.mean(x, [1, 3], true),
    tf.max(x, [0, 4]),
    tf.min(x, 2),
    tf.addN(new Array<tf.Tensor>(9).fill(x)),
    tf.concat([x, tf.neg(x)], 2),
    tf.slice(x, [1, 0, 1, 0, 1], [1, 2, 1, 2, 3]),
  ];
  const actual = tf.tidy(results);
  const found = await Promise.all(actual.map((tensor) => tensor.data()));
  const shapes = actual.map(({ shape }) => shape);
  await selectEngine('cpu');
  for (const [i, expected] of tf.tidy(results).entries()) {
    t.deepEqual(shapes[i], expected.shape);
    const wanted = await expected.data();
    const worst = Math.max(
      ...wanted.map((value, k) => Math.abs(value - found[i][k]) / (1 + Math.abs(value))),
    );
    t.true(worst < 1e-6, `result ${i} differs by ${worst}`);
  }
});
