import { WeightFormatError } from '../../errors.js';
import { badTensor } from './bad-tensor.js';
import type { PickleHooks } from './pickle/machine.js';
import { ForeignObject, type PickleDict, PickleGlobal } from './pickle/values.js';
import { isAttack } from './refused-calls.js';
import { TensorStorage } from './tensor-storage.js';
import { tensorView, UnreadableTensor } from './tensor-view.js';
import { storageDtype, type TorchDtype, torchDtype } from './torch-dtypes.js';

type Args = readonly unknown[];

/** The calls of PyTorch checkpoints that give data, each answered here; the class or function itself is never looked up. */
const calls: ReadonlyMap<string, (args: Args) => unknown> = new Map(
  Object.entries<(args: Args) => unknown>({
    'collections.OrderedDict': ([pairs]) => dictionary(pairs),
    'collections.Counter': ([counts]) => dictionary(counts),
    'collections.defaultdict': () => new Map(),
    'torch._utils._rebuild_tensor': (args) => rebuildTensor(args),
    'torch._utils._rebuild_tensor_v2': (args) => withSigns(rebuildTensor(args), args[6]),
    'torch._utils._rebuild_tensor_v3': (args) =>
      withSigns(rebuildTensor(args, dtypeNamed(args[6])), args[7]),
    'torch._utils._rebuild_parameter': ([tensor]) => tensor,
    'torch._utils._rebuild_parameter_with_state': ([tensor]) => tensor,
    'torch._utils._rebuild_device_tensor_from_cpu_tensor': ([tensor]) => tensor,
    'torch._tensor._rebuild_from_type_v2': ([rebuild, , args]) => rebuildSubclass(rebuild, args),
    'torch._utils._rebuild_sparse_tensor': () => new UnreadableTensor('a sparse tensor'),
    'torch._utils._rebuild_sparse_csr_tensor': () => new UnreadableTensor('a sparse tensor'),
    'torch._utils._rebuild_qtensor': () => new UnreadableTensor('a quantized tensor'),
    'torch._utils._rebuild_meta_tensor_no_storage': () =>
      new UnreadableTensor('a tensor without values'),
    'torch.Size': ([sides]) => sides ?? [],
    'torch.device': (args) => args.join(':'),
    'torch.serialization._get_layout': ([layout]) => layout,
    '_codecs.encode': ([text]) => text,
    'builtins.set': ([items]) => items ?? [],
    '__builtin__.set': ([items]) => items ?? [],
  }),
);

/** A dictionary of pairs, or the one that is given. */
function dictionary(content: unknown = []): PickleDict {
  if (content instanceof Map) return content;
  if (!Array.isArray(content) || !content.every((pair) => Array.isArray(pair))) {
    throw badTensor('a dictionary made of something else than pairs');
  }
  return new Map(content as [unknown, unknown][]);
}

function rebuildTensor([storage, offset, shape, stride]: Args, dtype?: TorchDtype): unknown {
  if (storage instanceof UnreadableTensor) return storage;
  if (!(storage instanceof TensorStorage)) throw badTensor('it has no storage');
  return tensorView(storage, offset, shape, stride, dtype);
}

/** PyTorch negates and conjugates lazily: the bytes of such a view are not its values. */
function withSigns(tensor: unknown, bits: unknown): unknown {
  const isLazy = bits instanceof Map && (bits.get('neg') === true || bits.get('conj') === true);
  return isLazy ? new UnreadableTensor('a view with another sign than its memory') : tensor;
}

function dtypeNamed(dtype: unknown): TorchDtype {
  if (!(dtype instanceof PickleGlobal)) throw badTensor('its element type has no name');
  return torchDtype(dtype.name);
}

/** A tensor of a class of its own, or with attributes: the tensor is what matters. */
function rebuildSubclass(rebuild: unknown, args: unknown): unknown {
  if (!(rebuild instanceof PickleGlobal) || !Array.isArray(args)) {
    throw badTensor('a tensor of a class that is not named');
  }
  return reduce(rebuild, args);
}

function reduce(callable: PickleGlobal, args: Args): unknown {
  const call = calls.get(callable.path);
  if (call) return call(args);
  if (isAttack(callable)) {
    throw new WeightFormatError(
      'unsafe',
      `the checkpoint wants to call ${callable.path}, which can run code; nothing was run, and a file with such a call is not to be trusted`,
    );
  }
  return new ForeignObject(callable.path);
}

/** Finds the storage that a persistent id names; the same key gives the same storage. */
export type StorageFinder = (dtype: TorchDtype, key: string, count: number) => TensorStorage;

/** Pickle hooks for PyTorch checkpoints. */
export function checkpointHooks(storageOf: StorageFinder): PickleHooks {
  const persistent = (id: unknown): unknown => {
    if (!Array.isArray(id) || !(id[1] instanceof PickleGlobal)) {
      throw badTensor('a storage with an unknown kind of id');
    }
    // The class of a module with its source text, which legacy files keep for a warning.
    if (id[0] === 'module') return id[1];
    if (id[0] !== 'storage') throw badTensor('a storage with an unknown kind of id');
    const [, type, key, , count, view] = id as unknown[] as [string, PickleGlobal, ...unknown[]];
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
      throw badTensor('a storage without a size');
    }
    const storage = storageOf(storageDtype(type.name), String(key), count);
    // Files of PyTorch before 0.4 may keep a part of a storage as one of its own.
    return Array.isArray(view) ? new UnreadableTensor('a view of a part of a storage') : storage;
  };
  return { reduce, persistent };
}
