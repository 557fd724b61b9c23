import {
  Add,
  EluGrad,
  Equal,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  Maximum,
  Minimum,
  Multiply,
  NotEqual,
  Prelu,
  RealDiv,
  SquaredDifference,
  Sub,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { broadcastWalk } from '../broadcast.js';
import { allFloat, type KernelCall, type NativeKernel } from '../kernel.js';

/** In the order of BinaryOp in native/ops/ops.h, with the names of the two inputs. */
const ARITHMETIC: readonly [name: string, first: string, second: string][] = [
  [Add, 'a', 'b'],
  [Sub, 'a', 'b'],
  [Multiply, 'a', 'b'],
  [RealDiv, 'a', 'b'],
  [Maximum, 'a', 'b'],
  [Minimum, 'a', 'b'],
  [SquaredDifference, 'a', 'b'],
  [Prelu, 'x', 'alpha'],
  [EluGrad, 'dy', 'y'],
];

/** In the order of CompareOp in native/ops/ops.h. */
const COMPARISONS = [Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual] as const;

export const addCode = 0;

/** a op b, float32. */
export function arithmetic(
  code: number,
  a: TensorInfo,
  b: TensorInfo,
  { backend, addon }: Pick<KernelCall, 'backend' | 'addon'>,
): TensorInfo | undefined {
  if (!allFloat(a, b)) return undefined;
  const walk = broadcastWalk(a.shape, b.shape);
  if (!walk) return undefined;
  const { info, data } = backend.floatOutput(walk.outShape);
  addon.binary(code, walk.list, backend.floats(a), backend.floats(b), data);
  return info;
}

function comparison(code: number): NativeKernel {
  return ({ inputs, backend, addon }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    if (!allFloat(a, b)) return undefined;
    const walk = broadcastWalk(a.shape, b.shape);
    if (!walk) return undefined;
    const { info, data } = backend.output(walk.outShape, 'bool');
    addon.compare(code, walk.list, backend.floats(a), backend.floats(b), data as Uint8Array);
    return info;
  };
}

export const binaryKernels: Record<string, NativeKernel> = {
  ...Object.fromEntries(
    ARITHMETIC.map(([name, first, second], code): [string, NativeKernel] => [
      name,
      (call) => arithmetic(code, call.inputs[first], call.inputs[second], call),
    ]),
  ),
  ...Object.fromEntries(COMPARISONS.map((name, code) => [name, comparison(code)])),
};

export const notEqualCode = COMPARISONS.indexOf(NotEqual);
