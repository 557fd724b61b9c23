import { WeightFormatError } from '../../errors.js';
import { checkpointHooks } from './checkpoint-calls.js';
import { readPickle } from './pickle/read-pickle.js';
import { TensorStorage } from './tensor-storage.js';

/** `torch.serialization.MAGIC_NUMBER`, as the first pickle of a legacy file spells it. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** Whether the file begins like a legacy PyTorch file: a protocol, perhaps a frame, then the ten-byte magic number. */
export function isLegacyPytorch(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x80 || !(bytes[1] <= 5)) return false;
  const at = bytes[2] === 0x95 ? 11 : 2;
  return bytes[at] === 0x8a && bytes[at + 1] === 10;
}

const withoutStorages = checkpointHooks(() => {
  throw new WeightFormatError('corrupt', 'a storage where the legacy header has none');
});

/**
 * The saved object of a legacy checkpoint: five pickles, then every storage with its length.
 *
 * @throws WeightFormatError
 */
export function readLegacyObject(bytes: Uint8Array): unknown {
  const start = readHeader(bytes);
  const contents = new Map<string, Uint8Array>();
  const storages = new Map<string, TensorStorage>();
  const hooks = checkpointHooks((dtype, key, count) => {
    const known = storages.get(key);
    if (known) return known;
    const storage = new TensorStorage(dtype, count, () => {
      const found = contents.get(key);
      if (!found) throw new WeightFormatError('truncated', `the storage ${key} is missing`);
      return found;
    });
    storages.set(key, storage);
    return storage;
  });
  const object = readPickle(bytes, start, hooks);
  const keys = readPickle(bytes, object.end, withoutStorages);
  if (!Array.isArray(keys.value)) {
    throw new WeightFormatError('corrupt', 'the checkpoint has no list of storages');
  }
  findContents(bytes, keys.end, keys.value.map(String), storages, contents);
  return object.value;
}

/** Checks the three pickles before the object; where that begins. */
function readHeader(bytes: Uint8Array): number {
  const magic = readPickle(bytes, 0, withoutStorages);
  if (magic.value !== MAGIC) {
    throw new WeightFormatError('unknown-format', 'the file is a pickle, but not a checkpoint');
  }
  const protocol = readPickle(bytes, magic.end, withoutStorages);
  if (protocol.value !== PROTOCOL) {
    throw new WeightFormatError('unsupported', `legacy protocol ${String(protocol.value)}`);
  }
  const system = readPickle(bytes, protocol.end, withoutStorages);
  if (system.value instanceof Map && system.value.get('little_endian') === false) {
    throw new WeightFormatError('unsupported', 'the checkpoint was saved on a big-endian machine');
  }
  return system.end;
}

/** Where the bytes of each storage lie: one after the other, each after its number of elements. */
function findContents(
  bytes: Uint8Array,
  start: number,
  keys: readonly string[],
  storages: ReadonlyMap<string, TensorStorage>,
  contents: Map<string, Uint8Array>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage) throw new WeightFormatError('corrupt', `the storage ${key} has no tensor`);
    const { size, name } = storage.dtype;
    if (size === undefined) {
      throw new WeightFormatError(
        'unsupported',
        `the storage ${key} has the unknown type ${name}, so that those after it cannot be found`,
      );
    }
    const length = storage.count * size;
    if (at + 8 + length > bytes.length) {
      throw new WeightFormatError('truncated', 'the file ends before its last tensor');
    }
    if (view.getBigUint64(at, true) !== BigInt(storage.count)) {
      throw new WeightFormatError('corrupt', `the storage ${key} has two sizes`);
    }
    contents.set(key, bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
}
