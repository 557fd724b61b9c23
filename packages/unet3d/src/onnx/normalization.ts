import type { Activation, Norm } from '../api.js';
import type { LayerContext } from './layer-context.js';

/** [c] as a tensor that broadcasts over [n, c, x, y, z]. */
function perChannel(context: LayerContext, weight: string): string {
  return context.wideWeight(weight, [1, context.channels(weight), 1, 1, 1]);
}

/** γ · x̂ + β with γ and β per channel. */
function scaleAndShift(context: LayerContext, x: string, gamma: string, beta: string): string {
  const scaled = context.graph.node('Mul', [x, perChannel(context, gamma)]);
  return context.graph.node('Add', [scaled, perChannel(context, beta)]);
}

/** Normalisation by the statistics of the batch at hand, which ONNX has no operator for. */
function batchStatistics(context: LayerContext, x: string, gamma: string, beta: string): string {
  const { graph } = context;
  const axes = [0, 2, 3, 4];
  const mean = graph.node('ReduceMean', [x], { axes, keepdims: 1 });
  const centered = graph.node('Sub', [x, mean]);
  const squared = graph.node('Mul', [centered, centered]);
  const variance = graph.node('ReduceMean', [squared], { axes, keepdims: 1 });
  const epsilon = graph.scalar(context.option<number>('epsilon'));
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, epsilon])]);
  return scaleAndShift(context, graph.node('Div', [centered, deviation]), gamma, beta);
}

function groupStatistics(
  context: LayerContext,
  x: string,
  groups: number,
  gamma: string,
  beta: string,
): string {
  const { graph } = context;
  const epsilon = { float: context.option<number>('epsilon') };
  const shape = graph.node('Shape', [x]);
  const grouped = graph.node('Reshape', [x, graph.integers([0, groups, -1])]);
  const one = graph.wideWeight(context.named('ones'), new Float32Array(groups).fill(1), [groups]);
  const zero = graph.wideWeight(context.named('zeros'), new Float32Array(groups), [groups]);
  const normal = graph.node('InstanceNormalization', [grouped, one, zero], { epsilon });
  return scaleAndShift(context, graph.node('Reshape', [normal, shape]), gamma, beta);
}

function normalize(context: LayerContext, x: string, prefix: string): string {
  const norm = context.option<Norm>('norm');
  const gamma = `${prefix}gamma`;
  const beta = `${prefix}beta`;
  const epsilon = { float: context.option<number>('epsilon') };
  switch (norm) {
    case 'none':
      return x;
    case 'batch':
      return batchStatistics(context, x, gamma, beta);
    case 'batchRunning': {
      const names = [gamma, beta, `${prefix}movingMean`, `${prefix}movingVariance`];
      const inputs = names.map((name) => context.wideWeight(name));
      return context.graph.node('BatchNormalization', [x, ...inputs], { epsilon });
    }
    case 'instance': {
      const inputs = [gamma, beta].map((name) => context.wideWeight(name));
      return context.graph.node('InstanceNormalization', [x, ...inputs], { epsilon });
    }
    default:
      return groupStatistics(context, x, norm.groups, gamma, beta);
  }
}

/** The activation of a layer. */
export function activate(context: LayerContext, x: string, prefix: string): string {
  const { graph } = context;
  const activation = context.option<Activation>('activation');
  const alpha = { float: context.option<number>('alpha') };
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return graph.node('Relu', [x]);
    case 'leakyRelu':
      return graph.node('LeakyRelu', [x], { alpha });
    case 'elu':
      return graph.node('Elu', [x], { alpha });
    case 'prelu': {
      const weight = `${prefix}alpha`;
      const slope = context.wideWeight(weight, [context.channels(weight), 1, 1, 1]);
      return graph.node('PRelu', [x, slope]);
    }
  }
}

/** Normalisation and activation of a layer, at inference; in float32, since halves cannot hold the sums that statistics need. */
export function normAct(
  context: LayerContext,
  x: string,
  normPrefix: string,
  actPrefix: string,
): string {
  const { graph } = context;
  const normal = normalize(context, graph.widened(x), normPrefix);
  return graph.narrowed(activate(context, normal, actPrefix));
}
