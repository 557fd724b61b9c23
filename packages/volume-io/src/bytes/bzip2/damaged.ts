import { VolumeIoError } from '../../errors.js';

/** The error for bzip2 data that contradicts itself. */
export function damaged(file: string): VolumeIoError {
  return new VolumeIoError('corrupt', 'the bzip2 data is damaged', { file });
}
