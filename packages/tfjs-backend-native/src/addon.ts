import type { FusedActivation } from '@genesis/core/kernels';
import { type FoundAddon, findAddon } from './find-addon.js';

/** Of {@link Addon}; raised together with kInterface in native/addon/addon.cpp when a function changes. */
const INTERFACE = 3;

/** The functions of the C++ addon. Arrays must have the lengths that the shapes say (checked there). */
export interface Addon {
  /** {@link INTERFACE} of the sources that it was built from. */
  readonly interface?: number;
  isa(): string;
  bestIsa(): string;
  setIsa(name: string): boolean;
  threads(): number;
  setThreads(count: number): void;
  setStrict(strict: boolean): void;
  isStrict(): boolean;

  /** Numbers of the operations that unary, binary, … take first, by the names of their kernels. */
  readonly unaryOps: Readonly<Record<UnaryOp, number>>;
  readonly binaryOps: Readonly<Record<BinaryOp, number>>;
  readonly compareOps: Readonly<Record<CompareOp, number>>;
  readonly reduceOps: Readonly<Record<ReduceOp, number>>;
  /** Numbers of the activations that normAct and normActGrad take. */
  readonly activations: Readonly<Record<FusedActivation, number>>;

  allocate(bytes: number, handle: BigUint64Array): ArrayBuffer;
  release(buffer: ArrayBuffer, handle: BigUint64Array): void;
  discard(buffer: ArrayBuffer, offset: number, bytes: number): void;
  scratchBytes(): number;
  releaseScratch(): void;

  conv3d(
    shape: Int32Array,
    x: Channels,
    filter: Float32Array,
    bias: Float32Array | null,
    y: Float32Array,
  ): void;
  conv3dInputGrad(
    shape: Int32Array,
    dy: Float32Array,
    filter: Float32Array,
    bias: Float32Array | null,
    dx: Channels,
  ): void;
  conv3dFilterGrad(shape: Int32Array, x: Channels, dy: Float32Array, dw: Float32Array): void;
  matmul(
    m: number,
    n: number,
    k: number,
    a: Float32Array,
    transposeA: boolean,
    b: Float32Array,
    transposeB: boolean,
    c: Float32Array,
    batchA: number,
    batchB: number,
    batch: number,
  ): void;

  normAct(
    shape: Int32Array,
    x: Float32Array,
    gamma: Float32Array,
    beta: Float32Array,
    epsilon: number,
    activation: number,
    alpha: number,
    y: Float32Array,
    mean: Float32Array,
    invStd: Float32Array,
  ): void;
  normActGrad(
    shape: Int32Array,
    dy: Float32Array,
    x: Float32Array,
    gamma: Float32Array,
    beta: Float32Array,
    mean: Float32Array,
    invStd: Float32Array,
    activation: number,
    alpha: number,
    dx: Float32Array,
    dgamma: Float32Array,
    dbeta: Float32Array,
    sums: Float32Array,
  ): void;
  maxPool3d(shape: Int32Array, x: Float32Array, y: Float32Array): void;
  maxPool3dGrad(
    shape: Int32Array,
    dy: Float32Array,
    x: Float32Array,
    y: Float32Array,
    dx: Float32Array,
  ): void;
  /** `shape` holds samples, voxels, classes; sums [samples, 4, classes]. */
  classSums(
    shape: Int32Array,
    entropy: boolean,
    target: Float32Array,
    prediction: Float32Array,
    sums: Float32Array,
  ): void;
  classSumsGrad(
    shape: Int32Array,
    entropy: boolean,
    dsums: Float32Array,
    target: Float32Array,
    prediction: Float32Array,
    dprediction: Float32Array,
  ): void;
  upsample3d(shape: Int32Array, x: Float32Array, y: Float32Array): void;
  upsample3dGrad(shape: Int32Array, dy: Float32Array, dx: Float32Array): void;
  sgd(
    learningRate: number,
    momentum: number,
    weightDecay: number,
    nesterov: boolean,
    param: Float32Array,
    grad: Float32Array,
    velocity: Float32Array,
    newParam: Float32Array,
    newVelocity: Float32Array,
  ): void;
  adam(
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    decoupled: boolean,
    step: number,
    param: Float32Array,
    grad: Float32Array,
    m: Float32Array,
    v: Float32Array,
    newParam: Float32Array,
    newM: Float32Array,
    newV: Float32Array,
  ): void;

  unary(op: number, p: number, q: number, x: Float32Array, y: Float32Array): void;
  /** `shape` holds sizes, then the steps of a, then those of b. */
  binary(op: number, shape: Int32Array, a: Float32Array, b: Float32Array, out: Float32Array): void;
  compare(op: number, shape: Int32Array, a: Float32Array, b: Float32Array, out: Uint8Array): void;
  choose(condition: Uint8Array, a: Float32Array, b: Float32Array, out: Float32Array): void;
  /** x [kept, reduced, inner] → y [kept, inner] */
  reduce(
    op: number,
    kept: number,
    reduced: number,
    inner: number,
    scale: number,
    x: Float32Array,
    y: Float32Array,
  ): void;
  softmax(rows: number, classes: number, x: Float32Array, y: Float32Array): void;
  softmaxGrad(
    rows: number,
    classes: number,
    dy: Float32Array,
    y: Float32Array,
    dx: Float32Array,
  ): void;
  /** `shape` holds sizes, then the steps in the input, then those in the output. */
  copy(shape: Int32Array, from: Elements, firstIn: number, to: Elements, firstOut: number): void;
  fill(value: number, out: Float32Array): void;
}

/** A volume in one array, or its channels in two, the first of which has a multiple of 16. */
export type Channels = Float32Array | readonly [Float32Array, Float32Array];

/** Operations by the names of tfjs's kernels, and Scale: y = p · x. */
export type UnaryOp =
  | 'Abs'
  | 'Neg'
  | 'Exp'
  | 'Expm1'
  | 'Log'
  | 'Sqrt'
  | 'Rsqrt'
  | 'Square'
  | 'Reciprocal'
  | 'Sigmoid'
  | 'Tanh'
  | 'Relu'
  | 'Relu6'
  | 'LeakyRelu'
  | 'Elu'
  | 'Selu'
  | 'Softplus'
  | 'Step'
  | 'Sign'
  | 'ClipByValue'
  | 'Scale';

export type BinaryOp =
  | 'Add'
  | 'Sub'
  | 'Multiply'
  | 'RealDiv'
  | 'Maximum'
  | 'Minimum'
  | 'SquaredDifference'
  | 'Prelu'
  | 'EluGrad';

export type CompareOp = 'Equal' | 'NotEqual' | 'Greater' | 'GreaterEqual' | 'Less' | 'LessEqual';

export type ReduceOp = 'Sum' | 'Max' | 'Min';

/** Typed arrays that tensors are made of. */
export type Elements = Float32Array | Int32Array | Uint8Array;

let loaded: FoundAddon<Addon> | undefined;

/** Loads the addon once. Throws {@link NativeUnavailableError}. */
export function loadAddon(): Addon {
  return loadedAddon().addon;
}

/** The addon and its file. Throws {@link NativeUnavailableError}. */
export function loadedAddon(): FoundAddon<Addon> {
  loaded ??= findAddon<Addon>((addon) =>
    addon.interface === INTERFACE ? undefined : 'was built from sources of another version',
  );
  return loaded;
}
