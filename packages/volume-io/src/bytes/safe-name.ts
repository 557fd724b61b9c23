import { VolumeIoError } from '../errors.js';

/**
 * The parts of a relative file name found in a header or an archive, with '.' removed.
 * Throws VolumeIoError 'outside-folder' for absolute names, drive letters, '..' and NUL bytes, 'corrupt' for none.
 */
export function safeNameParts(name: string, file: string): string[] {
  const unified = name.replaceAll('\\', '/');
  const parts = unified.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 && !unified.startsWith('/')) {
    throw new VolumeIoError('corrupt', 'does not name its data file', { file });
  }
  const absolute = unified.startsWith('/') || /^[A-Za-z]:/.test(unified) || name.includes('\0');
  if (absolute || parts.length === 0 || parts.includes('..')) {
    throw new VolumeIoError(
      'outside-folder',
      `names the file ${JSON.stringify(name)}, and only files inside its own folder are read`,
      { file },
    );
  }
  return parts;
}
