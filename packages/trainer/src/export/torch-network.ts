import type { Vec3 } from '@genesis/core';
import { inputChannels } from '@genesis/inference';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainerError } from '../errors.js';
import type { ExportSource } from './api.js';

/** A class of PyTorch that builds a network, and what it is called with. */
export interface TorchNetwork {
  /** Module and name of the class. */
  readonly target: string;
  /** JSON values; texts that begin with $ are Python, as in a MONAI bundle. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The package that has the class; left out for `network.py`, which goes along. */
  readonly requires?: { readonly name: string; readonly version: string };
}

/**
 * How PyTorch builds the network of a segmentation or of a restoring model: `network.py` of this package for the U-Net, nnU-Net's own class
 * for its residual network. Both give what stands before the last activation.
 *
 * @throws TrainerError 'bad-argument' for a network that neither builds.
 */
export function torchNetwork(source: Pick<ExportSource, 'card' | 'model'>): TorchNetwork {
  const { card, model } = source;
  if (!hasVoxelOutput(model)) {
    throw new TrainerError(
      'bad-argument',
      `there is no class of PyTorch for the network of a ${card.kind} model: only networks that give values for each voxel have one`,
    );
  }
  const { architecture = 'unet', skips = true, ...network } = card.network;
  const inputs = inputChannels(card.preparation);
  const outputs = model.outputs[0].shape.at(-1);
  if (architecture === 'unet') {
    return { target: 'network.UNet3d', args: { inputs, outputs, ...network, skips } };
  }
  if (!skips || (network.norm !== 'instance' && network.norm !== 'batchRunning')) {
    throw new TrainerError(
      'bad-argument',
      "nnU-Net's class builds residual networks with skip connections and instance norm or running statistics alone, which this is not",
    );
  }
  return {
    target: 'dynamic_network_architectures.architectures.unet.ResidualEncoderUNet',
    args: { input_channels: inputs, num_classes: outputs, ...residualArgs(model) },
    requires: { name: 'dynamic-network-architectures', version: '0.4' },
  };
}

/** Whether a network is one of one output for each voxel. */
export function hasVoxelOutput({ outputs }: LayersModel): boolean {
  return outputs.length === 1 && outputs[0].shape.length === 5;
}

const NORMS = { instance: 'torch.nn.InstanceNorm3d', batchRunning: 'torch.nn.BatchNorm3d' };
const ACTIVATIONS = {
  relu: 'torch.nn.ReLU',
  leakyRelu: 'torch.nn.LeakyReLU',
  elu: 'torch.nn.ELU',
};

/** What a convolution with what follows says of itself. */
interface UnitConfig {
  readonly filters: number;
  readonly kernelSize: Vec3;
  readonly strides: Vec3;
  readonly norm: keyof typeof NORMS;
  readonly epsilon: number;
  readonly activation: keyof typeof ACTIVATIONS;
  readonly alpha: number;
}

/** The arguments of ResidualEncoderUNet, read off the layers. */
function residualArgs(model: LayersModel): Readonly<Record<string, unknown>> {
  const names = model.layers.map(({ name }) => name);
  const count = (pattern: RegExp): number => names.filter((name) => pattern.test(name)).length;
  const stages = count(/^encoder\.\d+\.0\.a$/);
  const firsts = Array.from(
    { length: stages },
    (_, stage) => model.getLayer(`encoder.${stage}.0.a`).getConfig() as unknown as UnitConfig,
  );
  const [{ norm, epsilon, activation, alpha }] = firsts;
  const kwargs = { leakyRelu: { negative_slope: alpha }, elu: { alpha }, relu: {} }[activation];
  return {
    n_stages: stages,
    features_per_stage: firsts.map(({ filters }) => filters),
    conv_op: '$torch.nn.Conv3d',
    kernel_sizes: firsts.map(({ kernelSize }) => kernelSize),
    strides: firsts.map(({ strides }) => strides),
    n_blocks_per_stage: firsts.map((_, stage) =>
      count(new RegExp(`^encoder\\.${stage}\\.\\d+\\.a$`)),
    ),
    n_conv_per_stage_decoder: firsts
      .slice(1)
      .map((_, stage) => count(new RegExp(`^decoder\\.${stages - 2 - stage}\\.\\d+$`))),
    conv_bias: true,
    norm_op: `$${NORMS[norm]}`,
    norm_op_kwargs: { eps: epsilon, affine: true },
    nonlin: `$${ACTIVATIONS[activation]}`,
    nonlin_kwargs: kwargs,
  };
}
