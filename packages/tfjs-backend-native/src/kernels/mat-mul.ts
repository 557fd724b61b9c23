import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { UnaryOp } from '../addon.js';
import { broadcastWalk } from '../broadcast.js';
import { allFloat, type KernelCall, type NativeKernel } from '../kernel.js';

/** What `activation` of a fused product may be besides 'linear'. */
const ACTIVATIONS: Readonly<Partial<Record<string, UnaryOp>>> = {
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'Relu',
  relu6: 'Relu6',
  leakyrelu: 'LeakyRelu',
  elu: 'Elu',
};

interface Product {
  info: TensorInfo;
  data: Float32Array;
}

/** op(a) · op(b) over the last two axes; batches are equal or one of them is single. */
function product({ inputs, attrs, backend, addon }: KernelCall): Product | undefined {
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
  const transposeA = Boolean(attrs.transposeA);
  const transposeB = Boolean(attrs.transposeB);
  if (!allFloat(a, b)) return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const batchA = util.sizeFromShape(outerA);
  const batchB = util.sizeFromShape(outerB);
  const simple = util.arraysEqual(outerA, outerB) || batchA === 1 || batchB === 1;
  // Without products (or with shapes that do not fit) the stock kernel answers.
  if (!simple || k !== inner || m * n * k * batchA * batchB === 0) return undefined;
  const outer = outerA.length > outerB.length || batchA > batchB ? outerA : outerB;
  const { info, data } = backend.floatOutput([...outer, m, n]);
  addon.matmul(
    m,
    n,
    k,
    backend.floats(a),
    transposeA,
    backend.floats(b),
    transposeB,
    data,
    batchA,
    batchB,
    Math.max(batchA, batchB),
  );
  return { info, data };
}

export const batchMatMul: NativeKernel = (call) => product(call)?.info;

export const fusedMatMul: NativeKernel = (call) => {
  const { inputs, attrs, backend, addon } = call;
  const { bias } = inputs;
  const activation = (attrs.activation ?? 'linear') as string;
  const op = ACTIVATIONS[activation];
  if ((activation !== 'linear' && op === undefined) || !allFloat(bias)) return undefined;
  const result = product(call);
  if (!result) return undefined;
  const { info, data } = result;
  if (bias) {
    const walk = broadcastWalk(info.shape, bias.shape);
    if (!walk || !util.arraysEqual(walk.outShape, info.shape)) {
      backend.disposeIntermediateTensorInfo(info);
      return undefined;
    }
    addon.binary(addon.binaryOps.Add, walk.list, data, backend.floats(bias), data);
  }
  if (op !== undefined) {
    const alpha = (attrs.leakyreluAlpha as number | undefined) ?? 0.2;
    addon.unary(addon.unaryOps[op], alpha, 0, data, data);
  }
  return info;
};
