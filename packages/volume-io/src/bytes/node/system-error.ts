import { systemReason } from '@genesis/core/node';
import { VolumeIoError } from '../../errors.js';

/** What the operating system said, as VolumeIoError 'not-found' or 'not-readable'. */
export function systemError(error: unknown, file: string): VolumeIoError {
  if (error instanceof VolumeIoError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new VolumeIoError('not-found', 'there is no such file or folder', {
      file,
      cause: error,
    });
  }
  return new VolumeIoError('not-readable', `cannot be read: ${systemReason(error)}`, {
    file,
    cause: error,
  });
}
