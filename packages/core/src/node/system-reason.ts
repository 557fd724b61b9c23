/** What the operating system said, in words: 'no space left on the device' for ENOSPC, … */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const words: Record<string, string> = {
    EACCES: 'permission is denied',
    EPERM: 'permission is denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space left on the device',
    EDQUOT: 'the disk quota is used up',
    ENOENT: 'no such file or folder',
    ENOTDIR: 'a part of the path is not a folder',
    EISDIR: 'it is a folder',
    EEXIST: 'it exists already',
    EMFILE: 'too many open files',
    EIO: 'input/output error',
    EFBIG: 'the file would be too large',
  };
  if (code !== undefined && Object.hasOwn(words, code)) return words[code];
  return error instanceof Error ? error.message : String(error);
}
