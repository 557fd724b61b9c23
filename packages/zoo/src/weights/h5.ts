import type { Dataset, Group, File as H5File } from 'h5wasm';
import ndarray from 'ndarray';
import type { NamedTensors, SkippedEntry, WeightArray, WeightFile } from '../api.js';
import { WeightFormatError } from '../errors.js';
import { elementCount } from './element-types.js';

/** What compressed data sets may unpack to, as a multiple of the file: weights hardly compress. */
const MAX_UNPACK_RATIO = 64;

interface H5Reader {
  readonly module: typeof import('h5wasm');
  readonly fileCount: { value: number };
}

let reader: Promise<H5Reader> | undefined;

/** The HDF5 library is large, so it is loaded when the first `.h5` file is. */
function loadReader(): Promise<H5Reader> {
  reader ??= (async () => {
    const module = await import('h5wasm');
    // Errors become exceptions instead of a trace of the C library on the console.
    (await module.ready).activate_throwing_error_handler();
    return { module, fileCount: { value: 0 } };
  })();
  return reader;
}

function texts(group: Group | Dataset, attribute: string): string[] | undefined {
  const value = group.attrs[attribute]?.value;
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value
    : undefined;
}

/** What has been read of a file so far. */
interface Collected {
  readonly tensors: NamedTensors;
  readonly skipped: SkippedEntry[];
  /** Bytes that data sets may still unpack to. */
  budget: number;
}

function addDataset(dataset: Dataset, name: string, found: Collected): void {
  const shape = [...(dataset.shape ?? [])];
  const count = elementCount(shape, name);
  found.budget -= count * dataset.metadata.size;
  if (found.budget < 0) {
    throw new WeightFormatError('unsafe', `'${name}' would unpack to many times the file's size`);
  }
  const value = dataset.value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    found.tensors.set(name, ndarray((value as WeightArray).slice(), shape));
  } else if (typeof value === 'number') {
    found.tensors.set(name, ndarray(new Float32Array([value]), shape));
  } else {
    found.skipped.push({ name, reason: 'it does not hold numbers' });
  }
}

/** Keras 2 writes the order of layers and weights as attributes; without them, names are paths. */
function collect(h5: typeof import('h5wasm'), root: Group, found: Collected): void {
  const layers = texts(root, 'layer_names');
  for (const layer of layers ?? []) {
    const group = root.get(layer);
    if (!(group instanceof h5.Group)) {
      throw new WeightFormatError('corrupt', `the layer '${layer}' is not in the file`);
    }
    for (const name of texts(group, 'weight_names') ?? []) {
      const entity = group.get(name);
      if (!(entity instanceof h5.Dataset)) {
        throw new WeightFormatError('corrupt', `the weight '${name}' is not in the file`);
      }
      addDataset(entity, name, found);
    }
  }
  if (layers) return;
  for (const path of root.paths()) {
    const entity = root.get(path);
    if (!(entity instanceof h5.Dataset)) continue;
    const name = path.replace(/^\//, '');
    if (/float|int|<[fiu]|>[fiu]/.test(String(entity.dtype))) addDataset(entity, name, found);
    else found.skipped.push({ name, reason: 'it does not hold numbers' });
  }
}

/**
 * Reads the weights of a Keras `.h5` file: a weight file (`save_weights`), a whole model
 * (`model.save`), or any HDF5 file of numeric data sets.
 *
 * @param bytes - The whole file; the tensors own their memory.
 * @returns Tensors named as Keras names them (`depth_7_conv/kernel:0`), in layer order, with the
 *   layout that the file has (Keras kernels are spatial axes, in, out in both channel orders).
 *   Metadata: `keras_version`, `backend` and `model_config` where they are there.
 * @throws WeightFormatError
 */
export async function readH5(bytes: Uint8Array): Promise<WeightFile> {
  const { module: h5, fileCount } = await loadReader();
  const fs = h5.FS;
  if (!fs) throw new WeightFormatError('unsupported', 'the HDF5 reader did not start');
  // The name exists only in the memory file system of the WebAssembly module.
  const path = `/weights-${fileCount.value++}.h5`;
  fs.writeFile(path, bytes);
  let file: H5File | undefined;
  try {
    file = new h5.File(path, 'r');
    const inner = file.get('model_weights');
    const root: Group = inner instanceof h5.Group ? inner : file;
    const found: Collected = {
      tensors: new Map(),
      skipped: [],
      budget: bytes.length * MAX_UNPACK_RATIO + (1 << 20),
    };
    collect(h5, root, found);
    const metadata: Record<string, string> = {};
    for (const key of ['keras_version', 'backend', 'model_config']) {
      const value = file.attrs[key]?.value ?? root.attrs[key]?.value;
      if (typeof value === 'string') metadata[key] = value;
    }
    return { format: 'h5', tensors: found.tensors, metadata, skipped: found.skipped };
  } catch (error) {
    if (error instanceof WeightFormatError) throw error;
    throw new WeightFormatError('corrupt', 'the HDF5 file cannot be read', { cause: error });
  } finally {
    file?.close();
    fs.unlink(path);
  }
}
