import ndarray from 'ndarray';
import type { WeightArray } from '../../api.js';
import { WeightFormatError } from '../../errors.js';
import { dtypes, elementCount } from '../dtypes.js';
import { gatherStrided } from '../strided.js';
import { PickleGlobal, type PickleHooks } from './pickle.js';

/** A block of elements that tensors are views of, read when the first tensor of it is made. */
export interface Storage {
  readonly dtype: string;
  readonly count: number;
  readonly load: () => WeightArray;
}

/** A tensor as the pickle describes it: a strided view of a storage. */
export class LazyTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {}

  /** The tensor's elements, C-contiguous and in memory of their own. */
  materialize(): ndarray.NdArray<WeightArray> {
    const data = gatherStrided(this.storage.load(), this.shape, this.stride, this.offset);
    return ndarray(data, [...this.shape]);
  }
}

const storageTypes: Readonly<Record<string, string>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

function bad(message: string): WeightFormatError {
  return new WeightFormatError('corrupt', `a tensor of the checkpoint is broken: ${message}`);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
}

/** Checks that the view stays inside its storage, and that it is no more than the storage holds. */
function rebuildTensor(args: readonly unknown[]): LazyTensor {
  const [storage, offset, shape, stride] = args as [Storage, unknown, unknown, unknown];
  if (typeof storage?.load !== 'function') throw bad('it has no storage');
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) throw bad('its offset is no count');
  if (!isCounts(shape) || !isCounts(stride) || shape.length !== stride.length) {
    throw bad('its shape and strides do not fit');
  }
  const count = elementCount(shape, 'of a checkpoint');
  if (count > 0) {
    let last = offset as number;
    for (let axis = 0; axis < shape.length; axis++) last += (shape[axis] - 1) * stride[axis];
    if (last >= storage.count || count > storage.count) {
      throw bad(`${count} elements do not fit into a storage of ${storage.count}`);
    }
  }
  return new LazyTensor(storage, offset as number, shape, stride);
}

/** The calls that PyTorch checkpoints need, each answered here with plain data. */
const calls: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  'collections.OrderedDict': (args) => orderedDict(args),
  'collections.defaultdict': () => new Map(),
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': (args) => args[0],
  'torch._utils._rebuild_parameter_with_state': (args) => args[0],
  'torch.Size': (args) => args[0] ?? [],
  'torch.device': (args) => args.join(':'),
  'torch.serialization._get_layout': (args) => args[0],
  '_codecs.encode': (args) => args[0],
  'builtins.set': (args) => args[0] ?? [],
  '__builtin__.set': (args) => args[0] ?? [],
  'numpy.dtype': (args) => args[0],
  // A numpy number beside the weights (a best loss, say) is kept as unread.
  'numpy.core.multiarray.scalar': () => null,
  'numpy._core.multiarray.scalar': () => null,
};

function orderedDict(args: readonly unknown[]): Map<unknown, unknown> {
  const pairs = args[0] ?? [];
  if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair))) {
    throw bad('an OrderedDict made of something else than pairs');
  }
  return new Map(pairs as [unknown, unknown][]);
}

/** Pickle hooks for PyTorch checkpoints. `storageOf` finds the storage that a persistent id names. */
export function tensorHooks(
  storageOf: (dtype: string, key: string, count: number) => Storage,
): PickleHooks {
  return {
    reduce(callable, args) {
      const call = Object.hasOwn(calls, callable.path) ? calls[callable.path] : undefined;
      if (!call) {
        throw new WeightFormatError(
          'unsafe',
          `the checkpoint wants to call ${callable.path}, which is not among the calls that plain weights need; nothing was run`,
        );
      }
      return call(args);
    },
    persistent(id) {
      if (!Array.isArray(id) || id[0] !== 'storage' || !(id[1] instanceof PickleGlobal)) {
        throw bad('a storage with an unknown kind of id');
      }
      const [, type, key, , count] = id as [string, PickleGlobal, unknown, unknown, unknown];
      const dtype = Object.hasOwn(storageTypes, type.name) ? storageTypes[type.name] : undefined;
      if (!dtype || type.module !== 'torch') {
        throw new WeightFormatError(
          'unsupported',
          `the storage type ${type.path} is not supported`,
        );
      }
      if (!Number.isSafeInteger(count) || (count as number) < 0)
        throw bad('a storage without a size');
      return storageOf(dtype, String(key), count as number);
    },
  };
}

/** A storage whose bytes are found, checked and read once, when first needed. */
export function lazyStorage(dtype: string, count: number, bytesOf: () => Uint8Array): Storage {
  let elements: WeightArray | undefined;
  const load = (): WeightArray => {
    if (elements) return elements;
    const bytes = bytesOf();
    const { size, view } = dtypes[dtype];
    if (bytes.length !== count * size) {
      throw bad(`its storage has ${bytes.length} bytes instead of ${count * size}`);
    }
    const start = bytes.byteOffset;
    elements = view(bytes.buffer.slice(start, start + bytes.length) as ArrayBuffer, 0, count);
    return elements;
  };
  return { dtype, count, load };
}
