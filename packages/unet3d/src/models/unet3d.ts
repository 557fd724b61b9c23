import * as tfl from '@tensorflow/tfjs-layers';
import type { Activation, HeadActivation, KernelInit, Norm } from '../api.js';
import { ConcatChannels } from '../layers/concat-channels.js';
import { ConvNormAct } from '../layers/conv-norm-act.js';
import { ConvTranspose3d } from '../layers/conv-transpose3d.js';
import { Conv3d } from '../layers/conv3d.js';
import { MaxPool3d } from '../layers/max-pool3d.js';
import { UpSample3d } from '../layers/up-sample3d.js';
import { fitInput, fitOutput } from './fit.js';

/** Size and parts of a {@link unet3d}. */
export interface UNet3dOpts {
  /** [x, y, z, channels]; a spatial size may be null (any size at run time), the channels may not. */
  inputShape: readonly [number | null, number | null, number | null, number];
  /**
   * Which reference network the other defaults come from. `pytorch` (default): transposed
   * convolution, batch statistics always, epsilon 1e-5, PyTorch's initialisation; 19,073,665
   * parameters. `keras`: up-sampling by repetition, running statistics, epsilon 1e-3, momentum 0.99,
   * Glorot initialisation; 16,320,257 parameters.
   */
  variant?: 'pytorch' | 'keras';
  /** Channels of the first convolution; doubles at each level. Default 32. */
  width?: number;
  /** Resolutions, at least 1; sides must be divisible by 2^(levels − 1). Default 4. */
  levels?: number;
  /** Channels of the output, default 1. */
  outChannels?: number;
  /** Activation of the blocks, default `relu`. */
  activation?: Activation;
  /** Slope of leakyRelu, alpha of elu, first slope of prelu. */
  alpha?: number;
  /** Normalisation of the blocks; default `batch`, Keras's `batchRunning`. */
  norm?: Norm;
  /** Added to the variance; default 1e-5, Keras's 1e-3. */
  epsilon?: number;
  /** Of running statistics: part of the old value kept; default 0.9, Keras's 0.99. */
  momentum?: number;
  /** How the decoder gets larger: transposed convolution (default) or repetition (Keras's). */
  upsampling?: 'transposed' | 'repeat';
  /**
   * Whether the decoder is given what the encoder had at each resolution, default true. Without, everything that the output shows
   * has gone through the deepest level: an encoder that is to be used elsewhere learns more from restoring, since a
   * network with skip connections copies (AMAES; Munk et al., 2024).
   */
  skips?: boolean;
  /** Activation of the output, default `sigmoid`. */
  head?: HeadActivation;
  /** How kernels start; default `pytorch`, Keras's `glorotUniform`. */
  kernelInit?: KernelInit;
  /** Of the first weights, default 0. The same seed gives the same start on every engine. */
  seed?: number;
  /** `exact` (default) refuses sizes that are not divisible; `pad` adds zeros and crops the output. */
  fit?: 'exact' | 'pad';
}

const VARIANTS = {
  pytorch: {
    norm: 'batch',
    epsilon: 1e-5,
    momentum: 0.9,
    upsampling: 'transposed',
    kernelInit: 'pytorch',
  },
  keras: {
    norm: 'batchRunning',
    epsilon: 1e-3,
    momentum: 0.99,
    upsampling: 'repeat',
    kernelInit: 'glorotUniform',
  },
} as const;

/**
 * The U-Net of Models Genesis (Zhou et al., Medical Image Analysis 67, 2021) as a LayersModel:
 * [n, x, y, z, c] → [n, x, y, z, outChannels].
 *
 * Layers: `encoder.L.a`, `encoder.L.b`, `encoder.L.pool` with L = 0 … levels − 1 from fine to coarse,
 * `decoder.L.up`, `decoder.L.concat` (up-sampled first, then skip), `decoder.L.a`, `decoder.L.b`, and `head.conv`.
 * @throws OptionError when an option cannot be.
 */
export function unet3d(opts: UNet3dOpts): tfl.LayersModel {
  const variant = VARIANTS[opts.variant ?? 'pytorch'];
  const { width = 32, levels = 4, outChannels = 1, head = 'sigmoid', seed = 0 } = opts;
  const withSkips = opts.skips ?? true;
  const { activation = 'relu', alpha } = opts;
  const norm = opts.norm ?? variant.norm;
  const epsilon = opts.epsilon ?? variant.epsilon;
  const momentum = opts.momentum ?? variant.momentum;
  const upsampling = opts.upsampling ?? variant.upsampling;
  const kernelInit = opts.kernelInit ?? variant.kernelInit;
  const block = (name: string, filters: number): ConvNormAct =>
    new ConvNormAct({
      name,
      filters,
      norm,
      activation,
      alpha,
      epsilon,
      momentum,
      kernelInit,
      seed,
    });

  const input = tfl.input({ shape: [...opts.inputShape], name: 'input' });
  let x = fitInput(input, 2 ** (levels - 1), opts);
  const skips: tfl.SymbolicTensor[] = [];
  for (let level = 0; level < levels; level++) {
    x = apply(block(`encoder.${level}.a`, width * 2 ** level), x);
    x = apply(block(`encoder.${level}.b`, width * 2 ** (level + 1)), x);
    if (level < levels - 1) {
      skips.push(x);
      x = apply(new MaxPool3d({ name: `encoder.${level}.pool` }), x);
    }
  }
  for (let level = levels - 2; level >= 0; level--) {
    const name = `decoder.${level}`;
    const channels = width * 2 ** (level + 1);
    const up =
      upsampling === 'transposed'
        ? new ConvTranspose3d({ name: `${name}.up`, filters: channels * 2, kernelInit, seed })
        : new UpSample3d({ name: `${name}.up` });
    x = apply(up, x);
    if (withSkips) {
      x = new ConcatChannels({ name: `${name}.concat` }).apply([
        x,
        skips[level],
      ]) as tfl.SymbolicTensor;
    }
    x = apply(block(`${name}.a`, channels), x);
    x = apply(block(`${name}.b`, channels), x);
  }
  x = apply(
    new Conv3d({
      name: 'head.conv',
      filters: outChannels,
      kernelSize: 1,
      activation: head,
      kernelInit,
      seed,
    }),
    x,
  );
  return tfl.model({ inputs: input, outputs: fitOutput(x, input, opts), name: 'unet3d' });
}

/** Applies a layer to one symbolic tensor. */
function apply(layer: tfl.layers.Layer, x: tfl.SymbolicTensor): tfl.SymbolicTensor {
  return layer.apply(x) as tfl.SymbolicTensor;
}
