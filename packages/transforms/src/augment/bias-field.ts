import { checkCount } from '../deformations/rate.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import type { Layer } from './layer.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawRange } from './range.js';
import type { Stage } from './stage.js';

/** Options of `biasField`. */
export interface BiasFieldOpts extends IntensityOpts {
  /** Of each term of the polynomial. @defaultValue [-0.5, 0.5] */
  coefficients?: Range;
  /** Order of the polynomial. @defaultValue 3 */
  order?: number;
}

/** Bias field of one channel. */
export interface BiasFieldFactors {
  order: number;
  /** One for each term xⁱ yʲ zᵏ with i + j + k ≤ order; k runs fastest, then j. */
  coefficients: readonly number[];
}

const termsOf = (order: number): number => ((order + 1) * (order + 2) * (order + 3)) / 6;

/** Places of n voxels from −1 to 1; a single one is at 0. */
const places = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (n === 1 ? 0 : (2 * i + 1 - n) / (n - 1)));

/** Powers 0 … order of every place, one after another. */
function powers(at: Float64Array, order: number): Float64Array {
  const all = new Float64Array(at.length * (order + 1));
  for (const [i, place] of at.entries())
    for (let k = 0, power = 1; k <= order; k++, power *= place) all[i * (order + 1) + k] = power;
  return all;
}

/** For every row along z its polynomial in z, the highest power first, in units of log 2. */
function rowTerms({ order, coefficients }: BiasFieldFactors, nx: number, ny: number): Float64Array {
  const count = order + 1;
  const terms = new Float64Array(nx * ny * count);
  const [xs, ys] = [powers(places(nx), order), powers(places(ny), order)];
  // Polynomials in y and z of one plane: for each power of z, those of y.
  const plane = new Float64Array(count * count);
  for (let x = 0; x < nx; x++) {
    plane.fill(0);
    let n = 0;
    for (let i = 0; i <= order; i++)
      for (let j = 0; j <= order - i; j++)
        for (let k = 0; k <= order - i - j; k++)
          plane[(order - k) * count + j] += (xs[x * count + i] / Math.LN2) * coefficients[n++];
    for (let y = 0; y < ny; y++)
      for (let k = 0; k < count; k++) {
        let sum = 0;
        for (let j = 0; j < count; j++) sum += plane[k * count + j] * ys[y * count + j];
        terms[(x * ny + y) * count + k] = sum;
      }
  }
  return terms;
}

function multiply(stage: Stage, layer: Layer, factors: BiasFieldFactors): void {
  const { order, coefficients } = factors;
  if (coefficients.length !== termsOf(order)) {
    throw new TransformsError(
      'factors',
      `biasField: ${coefficients.length} coefficients; order ${order} has ${termsOf(order)}.`,
    );
  }
  const [nx, ny, nz] = stage.shape;
  stage.settle(layer);
  stage.scratch(() => {
    const table = stage.put(rowTerms(factors, nx, ny));
    const at = stage.put(places(nz), 4);
    void stage.kernels.heap.buffer;
    stage.kernels.run.biasField(layer.at, nx * ny, nz, at, table, order);
  });
  stage.touch(layer);
}

/** Multiplies by the exponential of a random polynomial: the uneven field of a coil (TorchIO's RandomBiasField). */
export function biasField(
  options: BiasFieldOpts = {},
): Augmentation<ChannelFactors<BiasFieldFactors>, BiasFieldOpts> {
  const opts = { coefficients: [-0.5, 0.5] as const, order: 3, ...options };
  checkSpan(opts.coefficients, 'biasField: coefficients');
  checkCount(opts.order, 0, 'biasField: order');
  return definePerChannel<BiasFieldFactors, BiasFieldFactors, BiasFieldOpts>({
    name: 'bias-field',
    opts,
    draw: (rng) => ({
      order: opts.order,
      coefficients: Array.from({ length: termsOf(opts.order) }, () =>
        drawRange(rng, opts.coefficients),
      ),
    }),
    complete: same,
    run: multiply,
  });
}
