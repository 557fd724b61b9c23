import { WeightFormatError } from '../../errors.js';
import { checkpointHooks } from './checkpoint-calls.js';
import { readPickle } from './pickle/read-pickle.js';
import { TensorStorage } from './tensor-storage.js';
import { openZip } from './zip-archive.js';

/**
 * The saved object of a zip checkpoint (PyTorch 1.6 and later).
 *
 * @throws WeightFormatError
 */
export async function readZipObject(bytes: Uint8Array): Promise<unknown> {
  const zip = await openZip(bytes);
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
    ? new TextDecoder().decode(await zip.read(`${root}byteorder`))
    : 'little';
  if (order !== 'little') {
    throw new WeightFormatError('unsupported', 'the checkpoint was saved on a big-endian machine');
  }
  const storages = new Map<string, TensorStorage>();
  const hooks = checkpointHooks((dtype, key, count) => {
    const known = storages.get(key);
    if (known) return known;
    const storage = new TensorStorage(dtype, count, () => zip.read(`${root}data/${key}`));
    storages.set(key, storage);
    return storage;
  });
  return readPickle(await zip.read(pickle), 0, hooks).value;
}
