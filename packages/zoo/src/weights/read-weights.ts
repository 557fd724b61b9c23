import type { ReadWeightsOpts, WeightFile, WeightFileFormat } from '../api.js';
import { WeightFormatError } from '../errors.js';
import { readH5 } from './h5.js';
import { readPytorch } from './pytorch/read.js';
import { isLegacyPytorch } from './pytorch/read-legacy.js';
import { decodeSafetensors } from './safetensors.js';

/** Tells a weight file's format from its first bytes, never from its name. */
export function detectWeightFormat(bytes: Uint8Array): WeightFileFormat | undefined {
  const starts = (...signature: number[]) => signature.every((byte, i) => bytes[i] === byte);
  if (starts(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)) return 'h5';
  if (starts(0x50, 0x4b) || isLegacyPytorch(bytes)) return 'pt';
  // safetensors: a JSON header of plausible length follows the eight bytes of that length.
  if (bytes.length > 9 && bytes[6] === 0 && bytes[7] === 0 && bytes[8] === 0x7b) {
    return 'safetensors';
  }
  return undefined;
}

/**
 * Reads a weight file of any supported format: safetensors, PyTorch `.pt`/`.pth` (zip and legacy) or
 * Keras `.h5`.
 *
 * @param bytes - The whole file; not kept, not changed.
 * @returns Named tensors, each in memory of its own, and the file's plain metadata.
 * @throws WeightFormatError when the bytes are none of these formats, are broken, or are unsafe.
 */
export async function readWeights(
  bytes: Uint8Array,
  opts: ReadWeightsOpts = {},
): Promise<WeightFile> {
  const format = opts.format ?? detectWeightFormat(bytes);
  try {
    switch (format) {
      case 'safetensors':
        return decodeSafetensors(bytes);
      case 'pt':
        return await readPytorch(bytes, opts);
      case 'h5':
        return await readH5(bytes);
      default:
        throw new WeightFormatError(
          'unknown-format',
          'the file is neither safetensors nor a PyTorch checkpoint nor HDF5',
        );
    }
  } catch (error) {
    if (error instanceof WeightFormatError) throw error;
    // DataView and decoder range errors mean that the bytes lie about their own sizes.
    throw new WeightFormatError('corrupt', `the ${format} file is broken`, { cause: error });
  }
}
