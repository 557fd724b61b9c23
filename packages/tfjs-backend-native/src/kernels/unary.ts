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
import { allFloat, type NativeKernel } from '../kernel.js';

/** In the order of UnaryOp in native/ops/ops.h. */
const OPERATIONS = [
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
] as const;

type UnaryName = (typeof OPERATIONS)[number];

/** The addon's numbers of operations that other kernels use. */
export const unaryCode = {
  sigmoid: OPERATIONS.indexOf(Sigmoid),
  tanh: OPERATIONS.indexOf(Tanh),
  relu: OPERATIONS.indexOf(Relu),
  relu6: OPERATIONS.indexOf(Relu6),
  leakyrelu: OPERATIONS.indexOf(LeakyRelu),
  elu: OPERATIONS.indexOf(Elu),
  scale: OPERATIONS.length,
} as const;

function parameters(name: UnaryName, attrs: NamedAttrMap): [number, number] {
  if (name === LeakyRelu || name === Step) return [attrs.alpha as number, 0];
  if (name === ClipByValue) return [attrs.clipValueMin as number, attrs.clipValueMax as number];
  return [0, 0];
}

function unary(name: UnaryName, code: number): NativeKernel {
  return ({ inputs, attrs, backend, addon }) => {
    const x = inputs.x;
    if (!allFloat(x)) return undefined;
    const { info, data } = backend.floatOutput(x.shape);
    addon.unary(code, ...parameters(name, attrs), backend.floats(x), data);
    return info;
  };
}

export const unaryKernels: Record<string, NativeKernel> = Object.fromEntries(
  OPERATIONS.map((name, code) => [name, unary(name, code)]),
);
