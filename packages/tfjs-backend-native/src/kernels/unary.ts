import {
  Abs,
  ClipByValue,
  Elu,
  Exp,
  Expm1,
  LeakyRelu,
  Log,
  type NamedAttrMap,
  Neg,
  Reciprocal,
  Relu,
  Relu6,
  Rsqrt,
  Selu,
  Sigmoid,
  Sign,
  Softplus,
  Sqrt,
  Square,
  Step,
  Tanh,
} from '@tensorflow/tfjs-core';
import type { UnaryOp } from '../addon.js';
import { allFloat, type NativeKernel } from '../kernel.js';

/** The kernels of one tensor; Scale is a helper of others. */
const OPERATIONS: readonly Exclude<UnaryOp, 'Scale'>[] = [
  Abs,
  Neg,
  Exp,
  Expm1,
  Log,
  Sqrt,
  Rsqrt,
  Square,
  Reciprocal,
  Sigmoid,
  Tanh,
  Relu,
  Relu6,
  LeakyRelu,
  Elu,
  Selu,
  Softplus,
  Step,
  Sign,
  ClipByValue,
];

function parameters(op: UnaryOp, attrs: NamedAttrMap): [number, number] {
  if (op === LeakyRelu || op === Step) return [attrs.alpha as number, 0];
  if (op === ClipByValue) return [attrs.clipValueMin as number, attrs.clipValueMax as number];
  return [0, 0];
}

function unary(op: UnaryOp): NativeKernel {
  return ({ inputs, attrs, backend, addon }) => {
    const x = inputs.x;
    if (!allFloat(x)) return undefined;
    const { info, data } = backend.floatOutput(x.shape);
    addon.unary(addon.unaryOps[op], ...parameters(op, attrs), backend.floats(x), data);
    return info;
  };
}

export const unaryKernels: Record<string, NativeKernel> = Object.fromEntries(
  OPERATIONS.map((op) => [op, unary(op)]),
);
