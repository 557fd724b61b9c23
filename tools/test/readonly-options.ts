// Every option and argument that takes three numbers, or a list, takes one that may only be read. Nothing here is run: that it compiles
// is the test.
import {
  type CardBase,
  centerStart,
  fitVolume,
  type Preparation,
  type SlidingWindowOpts,
} from '@genesis/inference';
import type { ConvertOpts, FinetuneOpts, PhantomOpts, PretrainOpts } from '@genesis/trainer';
import { type BatchPoolOpts, jigsaw, maskedAutoencoding, patchGrid } from '@genesis/transforms';
import {
  AveragePool3d,
  averagePool3d,
  Conv3d,
  ConvTranspose3d,
  conv3d,
  convTranspose3d,
  crop3d,
  hausdorff95,
  MaxPool3d,
  type MetricInput,
  maxPool3d,
  PadToMultiple,
  padZeros3d,
  residualUnet3d,
  UpSample3d,
  unet3d,
  upsample3d,
} from '@genesis/unet3d';
import {
  applyAffine,
  chestPhantom,
  createCropSampler,
  createVolume,
  crop,
  cropVolume,
  drawCrops,
  padVolume,
  readRegion,
  resampleToSpacing,
  scaleAffine,
  shiftAffine,
  type Volume,
} from '@genesis/volume-io';
import type { Tensor5D } from '@tensorflow/tfjs-core';

const three = [32, 32, 32] as const;
const four = [32, 32, 32, 1] as const;

export function volumes(volume: Volume<Float32Array>): unknown[] {
  const sampler = createCropSampler(volume, { size: three, border: three });
  const affine = scaleAffine(three, three);
  return [
    readRegion('a.nii', { start: three, size: three }),
    cropVolume(volume, { start: three, size: three }),
    padVolume(volume, { before: three, after: three }),
    resampleToSpacing(volume, three),
    sampler.accepts(three) && sampler.score(three),
    crop(volume, three, three),
    drawCrops(volume, { size: three, count: 1, random: () => 0 }),
    chestPhantom({ seed: 0, shape: three, spacing: three }),
    createVolume(new Float32Array(32 ** 3), { shape: three, spacing: three, origin: three }),
    applyAffine(shiftAffine(affine, three, three), three),
    fitVolume(volume, three, 'center'),
    centerStart(three, three),
  ];
}

export function networks(x: Tensor5D, mask: MetricInput): unknown[] {
  return [
    unet3d({ inputShape: four }),
    residualUnet3d({
      inputShape: four,
      features: three,
      blocks: three,
      strides: [1, three, 2] as const,
      kernels: [three, 3, 3] as const,
      decoderConvs: [1, 1] as const,
    }),
    new Conv3d({ filters: 1, kernelSize: three, strides: three }),
    new ConvTranspose3d({ filters: 1, kernelSize: three, strides: three }),
    new MaxPool3d({ size: three }),
    new AveragePool3d({ size: three }),
    new UpSample3d({ size: three }),
    new PadToMultiple({ multiple: three }),
    conv3d(x, x, null, { strides: three }),
    convTranspose3d(x, x, null, three),
    maxPool3d(x, three),
    averagePool3d(x, three),
    upsample3d(x, three),
    padZeros3d(x, three, three),
    crop3d(x, three, three),
    hausdorff95(mask, mask, { spacing: three }),
  ];
}

export const shapes: [
  Pick<BatchPoolOpts, 'shape'>,
  Pick<SlidingWindowOpts, 'window'>,
  Pick<CardBase, 'crop'>,
  Pick<Preparation, 'spacing'>,
  Pick<PretrainOpts, 'crop' | 'spacing'>,
  Pick<FinetuneOpts, 'crop' | 'spacing' | 'flipAxes'>,
  Pick<ConvertOpts, 'spacing'>,
  Pick<PhantomOpts, 'shape'>,
] = [
  { shape: three },
  { window: three },
  { crop: three },
  { spacing: three },
  { crop: three, spacing: three },
  { crop: three, spacing: three, flipAxes: ['x', 'y'] as const },
  { spacing: three },
  { shape: three },
];

export const tasks = [
  jigsaw({ grid: three }),
  maskedAutoencoding({ patch: three }),
  patchGrid(three, three),
];
