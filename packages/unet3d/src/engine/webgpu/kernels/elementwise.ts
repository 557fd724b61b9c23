import { backend_util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { allWords, type GpuKernel } from './kernel-call.js';
import { runPointwise, typeOf, type View, wholeView } from './run-pointwise.js';
import { broadcastStrides } from './views.js';

/** WGSL for floats and for integers; undefined leaves the type to the stock kernel. */
interface Expressions {
  readonly float?: string;
  readonly int?: string;
  /** Default: the inputs'. */
  readonly result?: DataType;
}

const both = (expression: string, result?: DataType): Expressions => ({
  float: expression,
  int: expression,
  result,
});
const compared = (operator: string): Expressions => ({
  float: `select(Y(0), Y(1), a ${operator} b)`,
  int: `select(Y(0), Y(1), a ${operator} b)`,
  result: 'bool',
});
const logical = (condition: string): Expressions => ({
  int: `select(Y(0), Y(1), ${condition})`,
  result: 'bool',
});
const float = (expression: string): Expressions => ({ float: expression });

/** Of `a` and `b`; A is the inputs' vector type, Y the result's. */
const BINARY: Readonly<Record<string, Expressions>> = {
  Add: both('a + b'),
  Sub: both('a - b'),
  Multiply: both('a * b'),
  RealDiv: float('a / b'),
  FloorDiv: {
    float: 'floor(a / b)',
    int: 'a / b - select(Y(0), Y(1), (a % b != A(0)) & ((a < A(0)) != (b < A(0))))',
  },
  Maximum: both('max(a, b)'),
  Minimum: both('min(a, b)'),
  SquaredDifference: both('(a - b) * (a - b)'),
  // The power of a negative number is one of its absolute value, with the sign of an odd exponent, and none for a fraction.
  Pow: float(
    'select(select(pow(abs(a), b), select(pow(abs(a), b), -pow(abs(a), b), round(abs(b) % A(2)) == A(1)), a < A(0)), A(1), b == A(0)) + select(A(0), (a - a) / (a - a), (a < A(0)) & (floor(b) != b))',
  ),
  Greater: compared('>'),
  GreaterEqual: compared('>='),
  Less: compared('<'),
  LessEqual: compared('<='),
  Equal: compared('=='),
  NotEqual: compared('!='),
  LogicalAnd: logical('(a != A(0)) & (b != A(0))'),
  LogicalOr: logical('(a != A(0)) | (b != A(0))'),
};

/** Of `a`. */
const UNARY: Readonly<Record<string, Expressions>> = {
  Abs: both('abs(a)'),
  Exp: float('exp(a)'),
  // exp(a) − 1 loses the digits of a small a, for which the series is exact.
  Expm1: float(
    'select(exp(a) - 1.0, a * (1.0 + a * (0.5 + a * (1.0 / 6.0 + a * (1.0 / 24.0)))), abs(a) < A(0.05))',
  ),
  Log: float('log(a)'),
  Log1p: float(
    'select(log(1.0 + a), a * (1.0 - a * (0.5 - a * (1.0 / 3.0 - a * 0.25))), abs(a) < A(0.02))',
  ),
  LogicalNot: { int: 'select(Y(0), Y(1), a == A(0))', result: 'bool' },
  Neg: both('-a'),
  Reciprocal: float('1.0 / a'),
  Relu: both('select(a, A(0), a < A(0))'),
  Rsqrt: float('1.0 / sqrt(a)'),
  Sigmoid: float('1.0 / (1.0 + exp(-a))'),
  Sign: both('sign(a)'),
  Sqrt: float('sqrt(a)'),
  Square: both('a * a'),
  Tanh: float('tanh(clamp(a, A(-15), A(15)))'),
};

/** The expression for inputs of one type; undefined where there is none. */
function expressionFor(
  { float: ofFloat, int: ofInt }: Expressions,
  inputs: readonly TensorInfo[],
): string | undefined {
  const kind = typeOf(inputs[0].dtype);
  if (inputs.some(({ dtype }) => typeOf(dtype) !== kind)) return undefined;
  return kind === 'f32' ? ofFloat : ofInt;
}

function elementwise(name: string, expressions: Expressions, roles: readonly string[]): GpuKernel {
  return ({ inputs, backend }) => {
    const given = roles.map((role) => inputs[role]);
    if (!allWords(...given)) return undefined;
    const text = expressionFor(expressions, given);
    if (text === undefined) return undefined;
    const shape = given
      .map((tensor) => tensor.shape)
      .reduce((a, b) => backend_util.assertAndGetBroadcastShape(a, b));
    const y = backend.output(shape, expressions.result ?? given[0].dtype);
    runPointwise(backend, {
      name,
      expression: text,
      shape,
      inputs: given.map(
        (tensor): View => ({ tensor, strides: broadcastStrides(tensor.shape, shape) }),
      ),
      output: wholeView(y),
    });
    return y;
  };
}

function tabled(
  table: Readonly<Record<string, Expressions>>,
  roles: readonly string[],
): Record<string, GpuKernel> {
  return Object.fromEntries(
    Object.entries(table).map(([name, expressions]) => [
      name,
      elementwise(name, expressions, roles),
    ]),
  );
}

const select: GpuKernel = ({ inputs: { condition, t, e }, backend }) => {
  if (!allWords(condition, t, e) || t.dtype !== e.dtype) return undefined;
  const y = backend.output(t.shape, t.dtype);
  // A condition of rank 1 is one for each of the outermost slices.
  const perSlice = condition.shape.length === 1 && t.shape.length > 1;
  const along = perSlice ? [...condition.shape, ...t.shape.slice(1).map(() => 1)] : condition.shape;
  runPointwise(backend, {
    name: 'Select',
    expression: 'select(c, b, a != A(0))',
    shape: t.shape,
    inputs: [
      { tensor: condition, strides: broadcastStrides(along, t.shape) },
      wholeView(t),
      wholeView(e),
    ],
    output: wholeView(y),
  });
  return y;
};

const cast: GpuKernel = ({ inputs: { x }, attrs, backend }) => {
  const dtype = attrs.dtype as DataType;
  if (!allWords(x) || !['float32', 'int32', 'bool'].includes(dtype)) return undefined;
  if (x.dtype === dtype) {
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype };
  }
  const y = backend.output(x.shape, dtype);
  runPointwise(backend, {
    name: 'Cast',
    expression: dtype === 'bool' ? 'select(Y(0), Y(1), a != A(0))' : 'Y(a)',
    shape: x.shape,
    inputs: [wholeView(x)],
    output: wholeView(y),
  });
  return y;
};

/** A function of floats that takes attributes as its numbers `P.f0`, …. */
function withNumbers(name: string, expression: string, keys: readonly string[]): GpuKernel {
  return ({ inputs: { x }, attrs, backend }) => {
    if (typeOf(x.dtype) !== 'f32') return undefined;
    const y = backend.output(x.shape);
    runPointwise(backend, {
      name,
      expression,
      shape: x.shape,
      inputs: [wholeView(x)],
      output: wholeView(y),
      floats: keys.map((key) => Number(attrs[key])),
    });
    return y;
  };
}

/** A tensor of one float. */
function filled(value: number): GpuKernel {
  return ({ inputs: { x }, backend }) => {
    if (typeOf(x.dtype) !== 'f32') return undefined;
    const y = backend.output(x.shape);
    fillView(backend, wholeView(y), x.shape, value);
    return y;
  };
}

/** Writes one float to a block. */
export function fillView(
  backend: Parameters<typeof runPointwise>[0],
  output: View,
  shape: readonly number[],
  value: number,
): void {
  runPointwise(backend, {
    name: 'Fill',
    expression: 'Y(P.f0)',
    shape,
    inputs: [],
    output,
    floats: [value],
  });
}

const fill: GpuKernel = ({ attrs, backend }) => {
  const { shape, value, dtype } = attrs as { shape: number[]; value: number; dtype?: DataType };
  if (typeof value !== 'number' || (dtype !== undefined && dtype !== 'float32')) return undefined;
  const y = backend.output(shape);
  fillView(backend, wholeView(y), shape, value);
  return y;
};

/** Tensors that one kernel adds. */
const MOST_ADDED = 6;

const addN: GpuKernel = ({ inputs, backend }) => {
  let left = Object.values(inputs);
  if (!allWords(...left) || left.some(({ dtype }) => dtype !== left[0].dtype)) return undefined;
  let sum: TensorInfo | undefined;
  while (left.length > 0) {
    const earlier: TensorInfo | undefined = sum;
    const given: TensorInfo[] = earlier
      ? [earlier, ...left.slice(0, MOST_ADDED - 1)]
      : left.slice(0, MOST_ADDED);
    left = left.slice(earlier ? MOST_ADDED - 1 : MOST_ADDED);
    const y = backend.output(given[0].shape, given[0].dtype);
    runPointwise(backend, {
      name: 'AddN',
      expression: [...'abcdgh'].slice(0, given.length).join(' + '),
      shape: y.shape,
      inputs: given.map(wholeView),
      output: wholeView(y),
    });
    if (earlier) backend.disposeData(earlier.dataId);
    sum = y;
  }
  return sum;
};

/** Arithmetic, comparisons and functions, right at any rank. */
export const elementwiseKernels: Readonly<Record<string, GpuKernel>> = {
  ...tabled(BINARY, ['a', 'b']),
  ...tabled(UNARY, ['x']),
  Prelu: elementwise('Prelu', float('select(a * b, a, a >= A(0))'), ['x', 'alpha']),
  AddN: addN,
  Cast: cast,
  ClipByValue: withNumbers('ClipByValue', 'select(clamp(a, A(P.f0), A(P.f1)), a, a != a)', [
    'clipValueMin',
    'clipValueMax',
  ]),
  Fill: fill,
  LeakyRelu: withNumbers('LeakyRelu', 'select(a, a * P.f0, a < A(0))', ['alpha']),
  OnesLike: filled(1),
  Select: select,
  ZerosLike: filled(0),
};
