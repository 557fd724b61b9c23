import type { FusedActivation } from '@genesis/core/kernels';
import { normAct } from '@genesis/unet3d/ops';
import type { OperationCase } from '../api.js';
import { plainNormAct } from './plain.js';

type Groups = 'batch' | 'instance' | number;

const EPSILON = 1e-5;

function normalization(
  shape: readonly number[],
  groups: Groups,
  activation: FusedActivation,
  alpha: number,
): OperationCase {
  const channels = shape[4];
  return {
    name: `normAct ${groups} + ${activation} (${alpha}) of ${shape.join('×')}`,
    inputs: [
      // A mean of several standard deviations: sums of squares would lose the digits that count.
      { shape, shift: 2 },
      { shape: [channels], scale: 0.5, shift: 1 },
      { shape: [channels] },
    ],
    actual: (x, gamma, beta) =>
      normAct(x, gamma, beta, { groups, epsilon: EPSILON, activation, alpha }),
    expected: (x, gamma, beta) =>
      plainNormAct(x, gamma, beta, groups, EPSILON, activation, alpha)[0],
  };
}

const KINDS: readonly [number, Groups][] = [
  [1, 'batch'],
  [3, 'batch'],
  [5, 'instance'],
  [12, 'batch'],
  [12, 'instance'],
  [12, 4],
  [12, 1],
  [33, 'batch'],
  [33, 'instance'],
  [33, 11],
];

const ACTIVATIONS: readonly [FusedActivation, number][] = [
  ['linear', 0],
  ['relu', 0],
  ['leakyRelu', 0.01],
  ['leakyRelu', 0.3],
  ['elu', 1],
  ['elu', 0.7],
];

/** Every kind of normalisation with every activation. */
export const normalizations: readonly OperationCase[] = [
  ...KINDS.flatMap(([channels, groups]) =>
    ACTIVATIONS.map(([activation, alpha]) =>
      normalization([2, 3, 5, 4, channels], groups, activation, alpha),
    ),
  ),
  normalization([1, 13, 11, 9, 5], 'batch', 'relu', 0),
  normalization([3, 7, 9, 11, 3], 'instance', 'leakyRelu', 0.01),
];
