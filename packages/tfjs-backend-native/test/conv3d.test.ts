import { GenesisConv3dBias } from '@genesis/core/kernels';
import { noise, relativeError } from '@genesis/testing';
import { setPrecision } from '@genesis/tfjs-backend-native';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import fc from 'fast-check';
import {
  FAST_TOLERANCE,
  onEveryIsa,
  runNative,
  STRICT_TOLERANCE,
  sizeOf,
  valuesOn,
} from './support.js';

type Shape5 = [number, number, number, number, number];
type Triple = [number, number, number];

interface Case {
  x: Shape5;
  filter: Shape5;
  strides: Triple;
  pad: 'same' | 'valid';
}

/** Output sizes and the padding in front, as tfjs has them (negative where strides skip the end). */
function geometry({ x, filter, strides, pad }: Case): { out: Triple; front: Triple } {
  const out: number[] = [];
  const front: number[] = [];
  for (let i = 0; i < 3; i++) {
    const [n, k, s] = [x[i + 1], filter[i], strides[i]];
    const size = pad === 'same' ? Math.ceil(n / s) : Math.floor((n - k) / s) + 1;
    out.push(size);
    front.push(pad === 'same' ? Math.floor(((size - 1) * s + k - n) / 2) : 0);
  }
  return { out: out as Triple, front: front as Triple };
}

/** y, dx and dw in float64. */
function reference(c: Case, x: Float32Array, w: Float32Array, dy: Float32Array) {
  const { out, front } = geometry(c);
  const [batch, d, h, width, ci] = c.x;
  const [kd, kh, kw, , co] = c.filter;
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < sizeOf(out); o++) {
      const od = Math.floor(o / (out[1] * out[2]));
      const oh = Math.floor(o / out[2]) % out[1];
      const ow = o % out[2];
      const yAt = (n * sizeOf(out) + o) * co;
      for (let tap = 0; tap < kd * kh * kw; tap++) {
        const id = od * c.strides[0] - front[0] + Math.floor(tap / (kh * kw));
        const ih = oh * c.strides[1] - front[1] + (Math.floor(tap / kw) % kh);
        const iw = ow * c.strides[2] - front[2] + (tap % kw);
        if (id < 0 || id >= d || ih < 0 || ih >= h || iw < 0 || iw >= width) continue;
        const xAt = (((n * d + id) * h + ih) * width + iw) * ci;
        for (let i = 0; i < ci; i++) {
          const wAt = (tap * ci + i) * co;
          for (let j = 0; j < co; j++) {
            y[yAt + j] += x[xAt + i] * w[wAt + j];
            dx[xAt + i] += dy[yAt + j] * w[wAt + j];
            dw[wAt + j] += dy[yAt + j] * x[xAt + i];
          }
        }
      }
    }
  }
  return [y, dx, dw];
}

async function errors(c: Case): Promise<number[]> {
  const { out } = geometry(c);
  const yShape = [c.x[0], ...out, c.filter[4]];
  const [x, w, dy] = [
    noise(sizeOf(c.x), 1),
    noise(sizeOf(c.filter), 2),
    noise(sizeOf(yShape), 3),
  ] as const;
  const expected = reference(c, x, w, dy);
  const attrs = { strides: c.strides, pad: c.pad };
  const actual = await valuesOn('native', () => {
    const [tx, tw, tdy] = [tf.tensor(x, c.x), tf.tensor(w, c.filter), tf.tensor(dy, yShape)];
    return [
      tf.conv3d(tx as tf.Tensor5D, tw as tf.Tensor5D, c.strides, c.pad),
      ...runNative(
        tf.Conv3DBackpropInputV2,
        { dy: tdy, filter: tw },
        { ...attrs, inputShape: c.x },
      ),
      ...runNative(
        tf.Conv3DBackpropFilterV2,
        { x: tx, dy: tdy },
        { ...attrs, filterShape: c.filter },
      ),
    ];
  });
  return actual.map((values, i) => relativeError(values, expected[i]));
}

function work({ x, filter }: Case): number {
  return sizeOf(x) * filter[0] * filter[1] * filter[2] * filter[4];
}

const axis = fc.constantFrom(1, 2, 3, 5, 7, 17);
const channels = fc.constantFrom(1, 3, 16, 31, 33);
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    x: fc.tuple(fc.integer({ min: 1, max: 3 }), axis, axis, axis, channels),
    kernel: fc.oneof(
      fc.constant<Triple>([3, 3, 3]),
      fc.constant<Triple>([1, 1, 1]),
      fc.constant<Triple>([2, 2, 2]),
      fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 5 }))) as fc.Arbitrary<Triple>,
    ),
    strides: fc.oneof(
      fc.constant<Triple>([1, 1, 1]),
      fc.constant<Triple>([2, 2, 2]),
      fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 3 }))) as fc.Arbitrary<Triple>,
    ),
    out: channels,
    pad: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
  })
  .map(({ x, kernel, strides, out, pad }) => ({
    x: x,
    filter: [...kernel, x[4], out] as Shape5,
    strides,
    pad,
  }))
  .filter((c) => work(c) < 4e6 && (c.pad === 'same' || geometry(c).out.every((n) => n > 0)));

for (const [precision, tolerance] of [
  ['fast', FAST_TOLERANCE],
  ['strict', STRICT_TOLERANCE],
] as const) {
  test.serial(`any shape keeps ${tolerance} of float64 when ${precision}`, async (t) => {
    setPrecision(precision);
    await onEveryIsa(async (isa) => {
      await fc.assert(
        fc.asyncProperty(anyCase, async (c) => {
          for (const error of await errors(c))
            t.true(error <= tolerance, `${isa} ${error} ${JSON.stringify(c)}`);
        }),
        { seed: 7, numRuns: 60 },
      );
    });
    setPrecision('fast');
  });
}

test.serial('the same values as the stock back end, gradients of a 4-D input too', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      anyCase.filter((c) => work(c) < 2e5),
      async (c) => {
        const f = () => {
          const x = tf.tensor(noise(sizeOf(c.x), 4), c.x);
          const w = tf.tensor(noise(sizeOf(c.filter), 5), c.filter);
          const [dx, dw] = tf.grads((x: tf.Tensor, w: tf.Tensor) =>
            tf.square(tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, c.strides, c.pad)),
          )([x, w]);
          return [dx, dw];
        };
        const native = await valuesOn('native', f);
        const stock = await valuesOn('cpu', f);
        native.forEach((values, i) => {
          const error = relativeError(values, stock[i]);
          t.true(error <= FAST_TOLERANCE, `${error} ${JSON.stringify(c)}`);
        });
      },
    ),
    { seed: 11, numRuns: 40 },
  );
});

test.serial('layers of a U-Net: large shapes at sampled positions', async (t) => {
  const shapes: [Triple, number, number][] = [
    [[16, 32, 32], 32, 64],
    [[8, 16, 16], 192, 64],
    [[4, 8, 8], 256, 512],
  ];
  for (const [space, ci, co] of shapes) {
    const xShape: Shape5 = [1, ...space, ci];
    const x = noise(sizeOf(xShape), 6);
    const w = noise(27 * ci * co, 7);
    const [y] = await valuesOn('native', () =>
      tf.conv3d(tf.tensor(x, xShape) as tf.Tensor5D, tf.tensor(w, [3, 3, 3, ci, co]), 1, 'same'),
    );
    const actual: number[] = [];
    const expected: number[] = [];
    for (let sample = 0; sample < 400; sample++) {
      const at = (sample * 7919) % sizeOf(space);
      const j = (sample * 31) % co;
      const [d, h, v] = [
        Math.floor(at / (space[1] * space[2])),
        Math.floor(at / space[2]) % space[1],
        at % space[2],
      ];
      let sum = 0;
      for (let tap = 0; tap < 27; tap++) {
        const [id, ih, iw] = [
          d + Math.floor(tap / 9) - 1,
          h + (Math.floor(tap / 3) % 3) - 1,
          v + (tap % 3) - 1,
        ];
        if (id < 0 || ih < 0 || iw < 0) continue;
        if (id >= space[0] || ih >= space[1] || iw >= space[2]) continue;
        const xAt = ((id * space[1] + ih) * space[2] + iw) * ci;
        for (let i = 0; i < ci; i++) sum += x[xAt + i] * w[(tap * ci + i) * co + j];
      }
      expected.push(sum);
      actual.push(y[at * co + j]);
    }
    t.true(relativeError(actual, expected) <= FAST_TOLERANCE, `${space} ${ci}→${co}`);
  }
});

test.serial('a bias in the convolution equals one added after it', async (t) => {
  for (const co of [1, 3, 33, 64]) {
    const f = (fused: boolean) => () => {
      const x = tf.tensor(noise(2 * 5 * 6 * 7 * 17, 8), [2, 5, 6, 7, 17]) as tf.Tensor5D;
      const filter = tf.tensor(noise(27 * 17 * co, 9), [3, 3, 3, 17, co]) as tf.Tensor5D;
      const bias = tf.tensor1d(noise(co, 10));
      if (!fused) return tf.add(tf.conv3d(x, filter, 1, 'same'), bias);
      return runNative(GenesisConv3dBias, { x, filter, bias }, { strides: 1, pad: 'same' });
    };
    const [fused] = await valuesOn('native', f(true));
    const [composed] = await valuesOn('native', f(false));
    t.true(relativeError(fused, composed) < 1e-6);
  }
});

test.serial('dilated and mistyped convolutions go to the stock kernel', async (t) => {
  const f = () =>
    tf.conv3d(
      tf.tensor(noise(6 ** 3 * 2, 1), [1, 6, 6, 6, 2]) as tf.Tensor5D,
      tf.tensor(noise(27 * 4, 2), [3, 3, 3, 2, 2]) as tf.Tensor5D,
      1,
      'same',
      'NDHWC',
      2,
    );
  t.deepEqual(await valuesOn('native', f), await valuesOn('cpu', f));
});
