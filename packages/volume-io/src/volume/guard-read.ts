import { VolumeIoError } from '../errors.js';

/**
 * Names the file in errors that do not yet, and turns what a damaged file makes a decoder throw into
 * VolumeIoError 'corrupt', so that callers meet one class of error only.
 */
export async function guardRead<R>(file: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VolumeIoError) {
      if (error.file !== undefined) throw error;
      throw new VolumeIoError(error.code, error.message, { file, cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new VolumeIoError('corrupt', `could not be decoded (${reason})`, { file, cause: error });
  }
}
