import type { Vec3 } from '@genesis/core';
import type { HeadActivation, Padding } from '../api.js';
import type { LayerContext } from './layer-context.js';
import { activate, normAct } from './normalization.js';

/** Adds a layer to the graph; takes and returns value names. Values are [n, c, x, y, z] or [n, c]. */
export type Converter = (context: LayerContext, inputs: readonly string[]) => string;

/** Our kernels are [kx, ky, kz, in, out], those of ONNX [out, in, kx, ky, kz]. */
const KERNEL_ORDER = [4, 3, 0, 1, 2] as const;

function convolution(context: LayerContext, x: string, prefix: string): string {
  const kernelShape = context.option<Vec3>('kernelSize');
  const inputs = [context.graph.narrowed(x), context.weight(`${prefix}kernel`, KERNEL_ORDER)];
  if (context.option<boolean>('useBias')) inputs.push(context.weight(`${prefix}bias`));
  const padding = context.option<Padding>('padding');
  const halves = kernelShape.map((k) => Math.floor((k - 1) / 2));
  return context.graph.node('Conv', inputs, {
    kernel_shape: kernelShape,
    strides: context.option<Vec3>('strides'),
    ...(padding === 'same' ? { auto_pad: 'SAME_UPPER' } : {}),
    ...(padding === 'symmetric' ? { pads: [...halves, ...halves] } : {}),
  });
}

/** What a network gives is float32: halves have three digits, too few for probabilities. */
function headActivation(context: LayerContext, x: string): string {
  const { graph } = context;
  const activation = context.option<HeadActivation | 'relu'>('activation');
  switch (activation) {
    case 'linear':
      return graph.widened(x);
    case 'sigmoid':
      return graph.node('Sigmoid', [graph.widened(x)]);
    case 'relu':
      return graph.node('Relu', [x]);
    case 'softmax':
      return graph.node('Softmax', [graph.widened(x)], { axis: 1 });
  }
}

/** The spatial part of a value's shape, known only when the graph runs. */
function spatialShape(context: LayerContext, x: string): string {
  const { graph } = context;
  const shape = graph.node('Shape', [x]);
  return graph.node('Slice', [shape, graph.integers([2]), graph.integers([5])]);
}

const padToMultiple: Converter = (context, [x]) => {
  const { graph } = context;
  const multiple = graph.integers(context.option<Vec3>('multiple'));
  const rest = graph.node('Mod', [spatialShape(context, x), multiple]);
  const missing = graph.node('Mod', [graph.node('Sub', [multiple, rest]), multiple]);
  const before = graph.node('Div', [missing, graph.integers([2])]);
  const after = graph.node('Sub', [missing, before]);
  const none = graph.integers([0, 0]);
  const pads = graph.node('Concat', [none, before, none, after], { axis: 0 });
  return graph.node('Pad', [x, pads]);
};

const cropLike: Converter = (context, [x, like]) => {
  const { graph } = context;
  const size = spatialShape(context, like);
  const surplus = graph.node('Sub', [spatialShape(context, x), size]);
  const begin = graph.node('Div', [surplus, graph.integers([2])]);
  const end = graph.node('Add', [begin, size]);
  return graph.node('Slice', [x, begin, end, graph.integers([2, 3, 4])]);
};

/** How each layer class of our networks is written in ONNX, by its registered class name. */
export const converters: Readonly<Record<string, Converter>> = {
  GenesisConv3d: (context, [x]) => headActivation(context, convolution(context, x, '')),
  GenesisConvNormAct: (context, [x]) =>
    normAct(context, convolution(context, x, 'conv.'), 'norm.', 'act.'),
  GenesisNormAct: (context, [x]) => normAct(context, x, '', ''),
  GenesisConvTranspose3d: (context, [x]) =>
    context.graph.node(
      'ConvTranspose',
      // The kernel is [kx, ky, kz, out, in]; ONNX wants [in, out, kx, ky, kz].
      [x, context.weight('kernel', KERNEL_ORDER), context.weight('bias')],
      {
        kernel_shape: context.option<Vec3>('kernelSize'),
        strides: context.option<Vec3>('strides'),
      },
    ),
  GenesisMaxPool3d: (context, [x]) => {
    const size = context.option<Vec3>('size');
    return context.graph.node('MaxPool', [x], { kernel_shape: size, strides: size });
  },
  GenesisAveragePool3d: (context, [x]) => {
    const size = context.option<Vec3>('size');
    return context.graph.node('AveragePool', [x], { kernel_shape: size, strides: size });
  },
  GenesisAddAct: (context, [a, b]) => activate(context, context.graph.node('Add', [a, b]), ''),
  GenesisUpSample3d: (context, [x]) => {
    const size = context.option<Vec3>('size');
    const scales = Float32Array.of(1, 1, ...size);
    const scale = context.graph.wideWeight(context.named('scales'), scales, [5]);
    return context.graph.node('Resize', [x, '', scale], {
      mode: 'nearest',
      nearest_mode: 'floor',
      coordinate_transformation_mode: 'asymmetric',
    });
  },
  GenesisGlobalAveragePool3d: (context, [x]) =>
    context.graph.node('Flatten', [context.graph.node('GlobalAveragePool', [x])], { axis: 1 }),
  GenesisDense: (context, [x]) => {
    const inputs = [context.graph.narrowed(x), context.weight('kernel'), context.weight('bias')];
    return headActivation(context, context.graph.node('Gemm', inputs));
  },
  GenesisPadToMultiple: padToMultiple,
  GenesisCropLike: cropLike,
  GenesisConcatChannels: (context, inputs) => context.graph.node('Concat', inputs, { axis: 1 }),
  Add: (context, inputs) =>
    inputs.slice(1).reduce((sum, x) => context.graph.node('Add', [sum, x]), inputs[0]),
};
