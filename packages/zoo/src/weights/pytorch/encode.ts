import { cStrides } from '@genesis/core';
import { type Zippable, zipSync } from 'fflate';
import type { NdArray } from 'ndarray';
import type { NamedTensors, WeightArray } from '../../api.js';
import { WeightFormatError } from '../../errors.js';
import { type EncodeWeightsOpts, encodeElements } from '../encode-elements.js';
import { PickleWriter } from './pickle/writer.js';

/** The classes of storages for the types of elements, called as in safetensors. PyTorch has none for unsigned ones above 8 bits. */
const STORAGES: Readonly<Record<string, string>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
};

/** A zip has no time before this one; a fixed one, so that the same tensors give the same bytes. */
const FIRST_TIME = new Date(1980, 0, 1);

interface Storage {
  readonly key: string;
  readonly className: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes tensors as `torch.save` writes a state dict (PyTorch 1.6 and later); `torch.load` reads it with `weights_only=True`. The same
 * tensors in the same order give the same bytes.
 *
 * @param tensors - Any strides; names with the same array share a storage, as in PyTorch.
 * @returns A new buffer that the caller owns.
 * @throws WeightFormatError 'unsupported' for an element type that PyTorch's files lack, 'out-of-range' for a value that is too large
 *   for a half, and for more than a zip holds (4 GiB).
 */
export function encodePytorch(tensors: NamedTensors, opts: EncodeWeightsOpts = {}): Uint8Array {
  const storages = new Map<NdArray<WeightArray>, Storage>();
  for (const [name, tensor] of tensors) {
    if (storages.has(tensor)) continue;
    const { dtype, bytes } = encodeElements(name, tensor, opts.halve);
    const className = STORAGES[dtype];
    if (className === undefined) {
      throw new WeightFormatError('unsupported', `tensor '${name}' has the type ${tensor.dtype}`);
    }
    storages.set(tensor, { key: String(storages.size), className, bytes });
  }
  const members: Zippable = {
    'archive/data.pkl': pickleOf(tensors, storages),
    'archive/byteorder': new TextEncoder().encode('little'),
  };
  let size = 0;
  for (const { key, bytes } of storages.values()) {
    members[`archive/data/${key}`] = bytes;
    size += bytes.length;
  }
  members['archive/version'] = new TextEncoder().encode('3\n');
  if (size >= 2 ** 32 - 2 ** 24) {
    throw new WeightFormatError('out-of-range', 'the weights are more than a zip holds (4 GiB)');
  }
  return zipSync(members, { level: 0, mtime: FIRST_TIME });
}

/** An ordered dictionary of tensors that name their storages. */
function pickleOf(
  tensors: NamedTensors,
  storages: ReadonlyMap<NdArray<WeightArray>, Storage>,
): Uint8Array {
  const pickle = new PickleWriter();
  pickle.global('collections', 'OrderedDict').op(')R(');
  for (const [name, tensor] of tensors) {
    const storage = storages.get(tensor);
    if (!storage) continue;
    const { shape } = tensor;
    pickle.text(name).global('torch._utils', '_rebuild_tensor_v2').op('(');
    pickle.op('(').text('storage').global('torch', storage.className);
    pickle.text(storage.key).text('cpu').count(tensor.size).op('tQ');
    pickle.count(0).counts(shape).counts(cStrides(shape)).op('\x89');
    pickle.global('collections', 'OrderedDict').op(')RtR');
  }
  return pickle.op('u').finish();
}
