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
import type { BinaryOp, CompareOp } from '../addon.js';
import { broadcastWalk } from '../broadcast.js';
import { allFloat, type NativeKernel } from '../kernel.js';

/** The names of the two inputs. */
const ARITHMETIC: Readonly<Record<BinaryOp, readonly [first: string, second: string]>> = {
  [Add]: ['a', 'b'],
  [Sub]: ['a', 'b'],
  [Multiply]: ['a', 'b'],
  [RealDiv]: ['a', 'b'],
  [Maximum]: ['a', 'b'],
  [Minimum]: ['a', 'b'],
  [SquaredDifference]: ['a', 'b'],
  [Prelu]: ['x', 'alpha'],
  [EluGrad]: ['dy', 'y'],
};

const COMPARISONS: readonly CompareOp[] = [Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual];

/** a op b, float32. */
function arithmetic(op: BinaryOp): NativeKernel {
  const [first, second] = ARITHMETIC[op];
  return ({ inputs, backend, addon }) => {
    const a = inputs[first];
    const b = inputs[second];
    if (!allFloat(a, b)) return undefined;
    const walk = broadcastWalk(a.shape, b.shape);
    if (!walk) return undefined;
    const { info, data } = backend.floatOutput(walk.outShape);
    addon.binary(addon.binaryOps[op], walk.list, backend.floats(a), backend.floats(b), data);
    return info;
  };
}

function comparison(op: CompareOp): NativeKernel {
  return ({ inputs, backend, addon }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    if (!allFloat(a, b)) return undefined;
    const walk = broadcastWalk(a.shape, b.shape);
    if (!walk) return undefined;
    const { info, data } = backend.output(walk.outShape, 'bool');
    const out = data as Uint8Array;
    addon.compare(addon.compareOps[op], walk.list, backend.floats(a), backend.floats(b), out);
    return info;
  };
}

export const binaryKernels: Record<string, NativeKernel> = Object.fromEntries([
  ...(Object.keys(ARITHMETIC) as BinaryOp[]).map((op) => [op, arithmetic(op)] as const),
  ...COMPARISONS.map((op) => [op, comparison(op)] as const),
]);
