import { VolumeIoError } from '../../errors.js';

/** What the operating system said, as VolumeIoError 'not-found' or 'not-readable'. */
export function systemError(error: unknown, file: string): VolumeIoError {
  if (error instanceof VolumeIoError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new VolumeIoError('not-found', 'there is no such file or folder', {
      file,
      cause: error,
    });
  }
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission is denied' : (code ?? message);
  return new VolumeIoError('not-readable', `cannot be read, because ${reason}`, {
    file,
    cause: error,
  });
}
