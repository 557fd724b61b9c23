import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { allFloat, type NativeKernel, sizes } from '../kernel.js';

type PoolAttrs = {
  filterSize: [number, number, number] | number;
  strides: [number, number, number] | number;
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
};

type Shape5 = [number, number, number, number, number];

function geometry(xShape: number[], attrs: PoolAttrs): { shape: Int32Array; outShape: number[] } {
  const info = backend_util.computePool3DInfo(
    xShape as Shape5,
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  return {
    outShape: info.outShape,
    shape: sizes(
      ...[info.batchSize, info.inChannels, info.inDepth, info.inHeight, info.inWidth],
      ...[info.outDepth, info.outHeight, info.outWidth],
      ...[info.filterDepth, info.filterHeight, info.filterWidth],
      ...[info.strideDepth, info.strideHeight, info.strideWidth],
      ...[info.padInfo.front, info.padInfo.top, info.padInfo.left],
    ),
  };
}

export const maxPool3d: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const x = inputs.x;
  if (!allFloat(x)) return undefined;
  const { shape, outShape } = geometry(x.shape, attrs as unknown as PoolAttrs);
  const { info, data } = backend.floatOutput(outShape);
  addon.maxPool3d(shape, backend.floats(x), data);
  return info;
};

export const maxPool3dGrad: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const { dy, input, output } = inputs as Record<'dy' | 'input' | 'output', TensorInfo>;
  if (!allFloat(dy, input, output)) return undefined;
  const { shape } = geometry(input.shape, attrs as unknown as PoolAttrs);
  const { info, data } = backend.floatOutput(input.shape);
  addon.maxPool3dGrad(
    shape,
    backend.floats(dy),
    backend.floats(input),
    backend.floats(output),
    data,
  );
  return info;
};
