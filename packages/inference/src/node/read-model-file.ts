import { readFile } from 'node:fs/promises';
import { systemReason } from '@genesis/core/node';
import { InferenceError, type InferenceErrorCode } from '../errors.js';
import { decodeModelFile, type ModelFile } from '../model/model-file.js';
import { findModelFile } from './find-model-file.js';

/** A model and the file that it came from. */
export interface ModelFileOnDisk extends ModelFile {
  readonly file: string;
}

/**
 * Reads the best weights of a run, or a model file taken out of one.
 *
 * @param path - Folder of a run, or a `.safetensors` file that a run wrote.
 * @throws InferenceError as decodeModelFile, with the file's name, or 'not-found'.
 */
export async function readModelFile(path: string): Promise<ModelFileOnDisk> {
  const file = await findModelFile(path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw failure('not-found', file, `cannot be read: ${systemReason(cause)}`, cause);
  }
  try {
    return { ...decodeModelFile(bytes), file };
  } catch (cause) {
    if (!(cause instanceof InferenceError)) throw cause;
    throw failure(cause.code, file, `cannot be used: ${cause.message}`, cause);
  }
}

function failure(
  code: InferenceErrorCode,
  file: string,
  what: string,
  cause: unknown,
): InferenceError {
  return new InferenceError(code, `${file} ${what}`, { file, cause });
}
