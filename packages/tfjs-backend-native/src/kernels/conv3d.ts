import type {
  GenesisConv3dBias,
  GenesisConv3dInputGrad,
  GenesisConvTranspose3dBias,
} from '@genesis/core/kernels';
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Channels } from '../addon.js';
import type { NativeBackend } from '../backend.js';
import {
  allFloat,
  type FusedKernel,
  type KernelCall,
  type NativeKernel,
  sizes,
} from '../kernel.js';

type ConvAttrs = {
  strides: number | [number, number, number];
  pad: 'valid' | 'same' | number;
  dilations?: number | [number, number, number];
};

type Shape5 = [number, number, number, number, number];

interface ConvGeometry {
  shape: Int32Array;
  outShape: number[];
}

/** The addon's description of a convolution; undefined when it has dilations. */
function geometry(
  xShape: number[],
  filterShape: number[],
  { strides, pad, dilations }: ConvAttrs,
): ConvGeometry | undefined {
  const info = backend_util.computeConv3DInfo(
    xShape as Shape5,
    filterShape as Shape5,
    strides,
    dilations ?? 1,
    pad,
  );
  if (info.dilationDepth * info.dilationHeight * info.dilationWidth !== 1) return undefined;
  return {
    outShape: info.outShape,
    shape: sizes(
      ...[info.batchSize, info.inDepth, info.inHeight, info.inWidth, info.inChannels],
      ...[info.outDepth, info.outHeight, info.outWidth, info.outChannels],
      ...[info.filterDepth, info.filterHeight, info.filterWidth],
      ...[info.strideDepth, info.strideHeight, info.strideWidth],
      ...[info.padInfo.front, info.padInfo.top, info.padInfo.left],
    ),
  };
}

/** Values of a volume, in the parts that it consists of. */
function source(backend: NativeBackend, x: TensorInfo): Channels {
  const parts = backend.parts(x);
  return parts?.channels === x.shape[4] ? parts.arrays : backend.floats(x);
}

function forward(
  { attrs, backend, addon }: KernelCall<unknown, unknown>,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
): TensorInfo | undefined {
  if (!allFloat(x, filter, bias)) return undefined;
  const conv = geometry(x.shape, filter.shape, attrs as ConvAttrs);
  if (!conv) return undefined;
  const { info, data } = backend.floatOutput(conv.outShape);
  const biasData = bias && backend.floats(bias);
  addon.conv3d(conv.shape, source(backend, x), backend.floats(filter), biasData, data);
  return info;
}

export const conv3d: NativeKernel = (call) =>
  forward(call, call.inputs.x, call.inputs.filter, null);

export const genesisConv3dBias: FusedKernel<typeof GenesisConv3dBias> = (call) =>
  forward(call, call.inputs.x, call.inputs.filter, call.inputs.bias);

export const conv3dBackpropInput: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
  const { inputShape, ...rest } = attrs as unknown as ConvAttrs & { inputShape: number[] };
  if (!allFloat(dy, filter)) return undefined;
  const conv = geometry(inputShape, filter.shape, { ...rest, dilations: 1 });
  if (!conv) return undefined;
  const { info, data } = backend.floatOutput(inputShape);
  addon.conv3dInputGrad(conv.shape, backend.floats(dy), backend.floats(filter), null, data);
  return info;
};

export const genesisConv3dInputGrad: FusedKernel<typeof GenesisConv3dInputGrad> = ({
  inputs: { dy, filter, x },
  attrs: { strides, pad },
  backend,
  addon,
}) => {
  if (!allFloat(dy, filter, x)) return undefined;
  const conv = geometry(x.shape, filter.shape, { strides: [...strides], pad });
  if (!conv) return undefined;
  const parts = backend.parts(x);
  const { info, data } =
    parts?.channels === x.shape[4]
      ? backend.joinedOutput(x.shape, [parts.parts[0].channels, parts.parts[1].channels])
      : backend.floatOutput(x.shape);
  addon.conv3dInputGrad(conv.shape, backend.floats(dy), backend.floats(filter), null, data);
  return info;
};

/** As the input gradient of the convolution that goes the other way. */
export const genesisConvTranspose3dBias: FusedKernel<typeof GenesisConvTranspose3dBias> = ({
  inputs: { x, filter, bias },
  attrs: { strides },
  backend,
  addon,
}) => {
  if (!allFloat(x, filter, bias)) return undefined;
  const spatial = strides.map((stride, i) => (x.shape[i + 1] - 1) * stride + filter.shape[i]);
  const outShape = [x.shape[0], ...spatial, filter.shape[3]];
  const conv = geometry(outShape, filter.shape, { strides: [...strides], pad: 'valid' });
  if (!conv) return undefined;
  const { info, data } = backend.floatOutput(outShape);
  const [from, weights, offsets] = [x, filter, bias].map((tensor) => backend.floats(tensor));
  addon.conv3dInputGrad(conv.shape, from, weights, offsets, data);
  return info;
};

export const conv3dBackpropFilter: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
  const { filterShape, ...rest } = attrs as unknown as ConvAttrs & { filterShape: number[] };
  if (!allFloat(x, dy)) return undefined;
  const conv = geometry(x.shape, filterShape, { ...rest, dilations: 1 });
  if (!conv) return undefined;
  const { info, data } = backend.floatOutput(filterShape);
  addon.conv3dFilterGrad(conv.shape, source(backend, x), backend.floats(dy), data);
  return info;
};
