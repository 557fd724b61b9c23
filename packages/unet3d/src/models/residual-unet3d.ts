import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { FusedActivation } from '@genesis/core/kernels';
import * as tfl from '@tensorflow/tfjs-layers';
import type { HeadActivation, KernelInit, Norm } from '../api.js';
import { OptionError } from '../errors.js';
import { AddAct } from '../layers/add-act.js';
import { AveragePool3d } from '../layers/average-pool3d.js';
import { ConcatChannels } from '../layers/concat-channels.js';
import { ConvNormAct } from '../layers/conv-norm-act.js';
import { ConvTranspose3d } from '../layers/conv-transpose3d.js';
import { Conv3d } from '../layers/conv3d.js';
import { toVec3 } from '../layers/to-vec3.js';
import { fitInput, fitOutput } from './fit.js';

/** Size and parts of a {@link residualUnet3d}. */
export interface ResidualUNet3dOpts {
  /** [x, y, z, channels]; a spatial size may be null, the channels may not. */
  inputShape: readonly [number | null, number | null, number | null, number];
  /** Channels of each stage; default [32, 64, 128, 256, 320, 320]. Its length is the number of stages. */
  features?: readonly number[];
  /** Residual blocks of each stage; default [1, 3, 4, 6, 6, 6], nnU-Net's. */
  blocks?: readonly number[];
  /** Stride of each stage's first convolution; default 1 for the first stage, 2 for the others. */
  strides?: readonly (number | ReadonlyVec3)[];
  /** Kernel of each stage; default 3. */
  kernels?: readonly (number | ReadonlyVec3)[];
  /** Convolutions of each decoder stage, from fine to coarse; default 1. */
  decoderConvs?: readonly number[];
  /** Channels of the output, default 1. */
  outChannels?: number;
  /** Activation of the blocks, default `leakyRelu`. */
  activation?: FusedActivation;
  /** Slope of leakyRelu below zero, or elu's alpha; default 0.01. */
  alpha?: number;
  /** Normalisation of the blocks, default `instance`. */
  norm?: Norm;
  /** Added to the variance, default 1e-5. */
  epsilon?: number;
  /** Whether the decoder is given what the encoder had at each resolution, default true; see `unet3d`. */
  skips?: boolean;
  /** Activation of the output, default `sigmoid`. */
  head?: HeadActivation;
  /** How kernels start, default `pytorch`. */
  kernelInit?: KernelInit;
  /** Of the first weights, default 0. */
  seed?: number;
  /** `exact` (default) refuses sizes that are not divisible by the strides; `pad` pads and crops. */
  fit?: 'exact' | 'pad';
}

/**
 * The residual-encoder U-Net of nnU-Net (Isensee et al., nnU-Net Revisited, 2024) as a LayersModel:
 * [n, x, y, z, c] → [n, x, y, z, outChannels], without deep supervision.
 *
 * Layers: `encoder.stem`; `encoder.S.B.a`, `.b`, `.pool`, `.skip`, `.add` for block B of stage S;
 * `decoder.S.up`, `.concat`, `.K`; `head.conv`.
 * @throws OptionError when the lists do not belong together or a size cannot be.
 */
export function residualUnet3d(opts: ResidualUNet3dOpts): tfl.LayersModel {
  const { features = [32, 64, 128, 256, 320, 320], outChannels = 1, head = 'sigmoid' } = opts;
  const { norm = 'instance', activation = 'leakyRelu', alpha = 0.01, epsilon = 1e-5 } = opts;
  const { kernelInit = 'pytorch', seed = 0 } = opts;
  const stages = features.length;
  const perStage = <T>(
    option: keyof ResidualUNet3dOpts,
    list: readonly T[] | undefined,
    fallback: readonly T[],
  ): readonly T[] => {
    const used = list ?? fallback;
    if (used.length !== fallback.length) {
      throw new OptionError(
        option,
        `${option} must have ${fallback.length} entries for ${stages} stages, not ${used.length}.`,
      );
    }
    return used;
  };
  const usual = [1, 3, 4, 6, 6, 6];
  const blocks = perStage(
    'blocks',
    opts.blocks,
    features.map((_, s) => usual[Math.min(s, 5)]),
  );
  const strides = perStage<number | ReadonlyVec3>(
    'strides',
    opts.strides,
    features.map((_, s) => (s === 0 ? 1 : 2)),
  ).map(toVec3);
  const kernels = perStage<number | ReadonlyVec3>(
    'kernels',
    opts.kernels,
    features.map(() => 3),
  ).map(toVec3);
  const decoderConvs = perStage(
    'decoderConvs',
    opts.decoderConvs,
    features.slice(1).map(() => 1),
  );

  const common = { norm, epsilon, kernelInit, seed };
  const conv = (name: string, filters: number, kernelSize: Vec3, stride: Vec3): ConvNormAct =>
    new ConvNormAct({ ...common, name, filters, kernelSize, strides: stride, activation, alpha });
  const residual = (
    name: string,
    x: tfl.SymbolicTensor,
    stage: number,
    stride: Vec3,
  ): tfl.SymbolicTensor => {
    const filters = features[stage];
    const kernelSize = kernels[stage];
    let y = on(conv(`${name}.a`, filters, kernelSize, stride), x);
    y = on(
      new ConvNormAct({ ...common, name: `${name}.b`, filters, kernelSize, activation: 'linear' }),
      y,
    );
    let skip = x;
    if (stride.some((s) => s !== 1)) {
      skip = on(new AveragePool3d({ name: `${name}.pool`, size: stride }), skip);
    }
    if (x.shape[4] !== filters) {
      const plain = { activation: 'linear', useBias: false, kernelSize: 1 } as const;
      skip = on(new ConvNormAct({ ...common, ...plain, name: `${name}.skip`, filters }), skip);
    }
    return on(new AddAct({ name: `${name}.add`, activation, alpha }), [y, skip]);
  };

  const input = tfl.input({ shape: [...opts.inputShape], name: 'input' });
  const multiple = [0, 1, 2].map((axis) => strides.reduce((m, s) => m * s[axis], 1)) as Vec3;
  let x = fitInput(input, multiple, opts);
  x = on(conv('encoder.stem', features[0], kernels[0], [1, 1, 1]), x);
  const skips: tfl.SymbolicTensor[] = [];
  for (let s = 0; s < stages; s++) {
    for (let b = 0; b < blocks[s]; b++) {
      x = residual(`encoder.${s}.${b}`, x, s, b === 0 ? strides[s] : [1, 1, 1]);
    }
    skips.push(x);
  }
  for (let s = stages - 2; s >= 0; s--) {
    const name = `decoder.${s}`;
    const stride = strides[s + 1];
    const filters = features[s];
    const up = {
      name: `${name}.up`,
      filters,
      kernelSize: stride,
      strides: stride,
      kernelInit,
      seed,
    };
    x = on(new ConvTranspose3d(up), x);
    if (opts.skips ?? true) {
      x = on(new ConcatChannels({ name: `${name}.concat` }), [x, skips[s]]);
    }
    for (let k = 0; k < decoderConvs[s]; k++) {
      x = on(conv(`${name}.${k}`, filters, kernels[s], [1, 1, 1]), x);
    }
  }
  const last = { filters: outChannels, kernelSize: 1, activation: head, kernelInit, seed };
  x = on(new Conv3d({ ...last, name: 'head.conv' }), x);
  return tfl.model({ inputs: input, outputs: fitOutput(x, input, opts), name: 'residualUnet3d' });
}

/** Applies a layer to one or more symbolic tensors. */
function on(
  layer: tfl.layers.Layer,
  x: tfl.SymbolicTensor | tfl.SymbolicTensor[],
): tfl.SymbolicTensor {
  return layer.apply(x) as tfl.SymbolicTensor;
}
