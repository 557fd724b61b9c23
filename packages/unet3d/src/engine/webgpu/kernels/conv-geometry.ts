import { backend_util } from '@tensorflow/tfjs-core';

type Triple = readonly [number, number, number];

/** A convolution: sizes of its input and result, and how they belong together. */
export interface ConvGeometry {
  readonly batch: number;
  /** Spatial size of the input and of the result. */
  readonly input: Triple;
  readonly output: Triple;
  /** Channels. */
  readonly inputs: number;
  readonly outputs: number;
  readonly size: Triple;
  readonly strides: Triple;
  readonly before: Triple;
}

type Shape5 = [number, number, number, number, number];

/** From TensorFlow.js's attributes; undefined for a dilated convolution or another layout than channels last. */
export function convGeometry(
  xShape: readonly number[],
  filterShape: readonly number[],
  attrs: Readonly<Record<string, unknown>>,
): ConvGeometry | undefined {
  if ((attrs.dataFormat ?? 'NDHWC') !== 'NDHWC') return undefined;
  const info = backend_util.computeConv3DInfo(
    xShape as Shape5,
    filterShape as Shape5,
    attrs.strides as number,
    (attrs.dilations as number | undefined) ?? 1,
    attrs.pad as 'same',
  );
  if (info.dilationDepth * info.dilationHeight * info.dilationWidth !== 1) return undefined;
  return {
    batch: info.batchSize,
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    inputs: info.inChannels,
    outputs: info.outChannels,
    size: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  };
}

/** [n, d, h, w, c] of the input and of the result. */
export function convShapes({ batch, input, output, inputs, outputs }: ConvGeometry): {
  x: number[];
  y: number[];
} {
  return { x: [batch, ...input, inputs], y: [batch, ...output, outputs] };
}
