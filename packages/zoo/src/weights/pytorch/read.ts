import type { NamedTensors, ReadWeightsOpts, WeightFile } from '../../api.js';
import { WeightFormatError } from '../../errors.js';
import { dtypes } from '../dtypes.js';
import { readPickle } from './pickle.js';
import { LazyTensor, lazyStorage, type Storage, tensorHooks } from './tensors.js';
import { openZip } from './zip.js';

/** `torch.serialization.MAGIC_NUMBER`, as the first pickle of a legacy file spells it. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_PROTOCOL = 1001;

/** Bounds on nested dictionaries, far above those of any network. */
const MAX_DEPTH = 64;
const MAX_VALUES = 1_000_000;

/** Keys under which training scripts keep the state dict, most usual first. */
const SECTIONS = ['state_dict', 'model_state_dict', 'network_weights', 'model'] as const;

/** Whether the file begins like a legacy PyTorch file: protocol 2, then the ten-byte magic number. */
export function isLegacyPytorch(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1] <= 5 && bytes[2] === 0x8a && bytes[3] === 10;
}

/** The saved object of a zip checkpoint (PyTorch 1.6 and later). */
function readZipObject(bytes: Uint8Array): unknown {
  const zip = openZip(bytes);
  const pickle = zip.names.find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickle === undefined) {
    throw new WeightFormatError('unknown-format', 'the zip archive is not a PyTorch checkpoint');
  }
  if (zip.names.some((name) => name.endsWith('/constants.pkl') || name.includes('/code/'))) {
    throw new WeightFormatError(
      'unsupported',
      'the file is a TorchScript program, not a checkpoint; save its state_dict instead',
    );
  }
  const root = pickle.slice(0, -'data.pkl'.length);
  const order = zip.names.includes(`${root}byteorder`)
    ? new TextDecoder().decode(zip.read(`${root}byteorder`))
    : 'little';
  if (order !== 'little') {
    throw new WeightFormatError('unsupported', 'the checkpoint was saved on a big-endian machine');
  }
  const storages = new Map<string, Storage>();
  const hooks = tensorHooks((dtype, key, count) => {
    const known = storages.get(key);
    if (known) return known;
    const storage = lazyStorage(dtype, count, () => zip.read(`${root}data/${key}`));
    storages.set(key, storage);
    return storage;
  });
  return readPickle(zip.read(pickle), 0, hooks).value;
}

/** The saved object of a legacy checkpoint: five pickles, then every storage with its length. */
function readLegacyObject(bytes: Uint8Array): unknown {
  const plain = tensorHooks(() => {
    throw new WeightFormatError('corrupt', 'a storage where the legacy header has none');
  });
  const magic = readPickle(bytes, 0, plain);
  if (magic.value !== LEGACY_MAGIC) {
    throw new WeightFormatError('unknown-format', 'the file is a pickle, but not a checkpoint');
  }
  const protocol = readPickle(bytes, magic.end, plain);
  if (protocol.value !== LEGACY_PROTOCOL) {
    throw new WeightFormatError('unsupported', `legacy protocol ${String(protocol.value)}`);
  }
  const system = readPickle(bytes, protocol.end, plain);
  if (system.value instanceof Map && system.value.get('little_endian') === false) {
    throw new WeightFormatError('unsupported', 'the checkpoint was saved on a big-endian machine');
  }
  const positions = new Map<string, Uint8Array>();
  const storages = new Map<string, Storage>();
  const hooks = tensorHooks((dtype, key, count) => {
    const known = storages.get(key);
    if (known) return known;
    const storage = lazyStorage(dtype, count, () => {
      const found = positions.get(key);
      if (!found) throw new WeightFormatError('truncated', `the storage ${key} is missing`);
      return found;
    });
    storages.set(key, storage);
    return storage;
  });
  const object = readPickle(bytes, system.end, hooks);
  const keys = readPickle(bytes, object.end, plain);
  if (!Array.isArray(keys.value)) {
    throw new WeightFormatError('corrupt', 'the checkpoint has no list of storages');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = keys.end;
  for (const key of keys.value as unknown[]) {
    const storage = storages.get(String(key));
    if (!storage)
      throw new WeightFormatError('corrupt', `the storage ${String(key)} has no tensor`);
    const length = storage.count * dtypes[storage.dtype].size;
    if (at + 8 + length > bytes.length) {
      throw new WeightFormatError('truncated', 'the file ends before its last tensor');
    }
    if (view.getBigUint64(at, true) !== BigInt(storage.count)) {
      throw new WeightFormatError('corrupt', `the storage ${String(key)} has two sizes`);
    }
    positions.set(String(key), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return object.value;
}

/** The dictionary that holds the tensors, and the plain values around it. */
function findSection(object: unknown, wanted: string | undefined): Map<unknown, unknown> {
  if (!(object instanceof Map)) {
    throw new WeightFormatError('unsupported', 'the checkpoint does not hold a dictionary');
  }
  const keys = wanted === undefined ? SECTIONS : [wanted];
  for (const key of keys) {
    const value: unknown = object.get(key);
    if (value instanceof Map) return value;
  }
  if (wanted !== undefined) {
    const there = [...object.keys()].map(String).slice(0, 10).join(', ');
    throw new WeightFormatError('not-found', `the checkpoint has no '${wanted}', only: ${there}`);
  }
  return object;
}

/** Tensors of nested dictionaries, named by their path with dots. */
function collectTensors(
  section: Map<unknown, unknown>,
  tensors: NamedTensors,
  metadata: Record<string, string>,
): void {
  let visited = 0;
  const visit = (dict: Map<unknown, unknown>, prefix: string, depth: number): void => {
    // A dictionary that holds itself, or is shared many times over, would go on for ever.
    if (depth > MAX_DEPTH) throw new WeightFormatError('corrupt', 'endless nesting');
    for (const [key, value] of dict) {
      if (++visited > MAX_VALUES) throw new WeightFormatError('corrupt', 'endless nesting');
      const name = prefix + String(key);
      if (value instanceof LazyTensor) tensors.set(name, value.materialize());
      else if (value instanceof Map) visit(value, `${name}.`, depth + 1);
      else plainValue(name, value, metadata);
    }
  };
  visit(section, '', 0);
}

function plainValue(name: string, value: unknown, metadata: Record<string, string>): void {
  if (['number', 'string', 'boolean', 'bigint'].includes(typeof value)) {
    metadata[name] = String(value);
  }
}

/**
 * Reads a PyTorch checkpoint, zip or legacy. The pickle is read as data: no code of the file runs,
 * and a call that plain weights do not need is refused by name.
 *
 * @param bytes - The whole file; the tensors own their memory.
 * @returns The tensors of the state dict with the names that it uses (`module.` prefixes included),
 *   and the numbers and texts beside it (`epoch`, …) as metadata.
 * @throws WeightFormatError
 */
export function readPytorch(bytes: Uint8Array, opts: ReadWeightsOpts = {}): WeightFile {
  const object = isLegacyPytorch(bytes) ? readLegacyObject(bytes) : readZipObject(bytes);
  const section = findSection(object, opts.section);
  const tensors: NamedTensors = new Map();
  const metadata: Record<string, string> = {};
  if (section !== object) {
    for (const [key, value] of object as Map<unknown, unknown>) {
      plainValue(String(key), value, metadata);
    }
  }
  collectTensors(section, tensors, metadata);
  return { format: 'pt', tensors, metadata };
}
