import { futimesSync } from 'node:fs';

export interface Beat {
  /** An open file: descriptors belong to the whole process. */
  readonly fd: number;
  readonly beatMs: number;
}

/** Sets the file's time to now: a sign of life, on network file systems too, where written bytes may be held back. */
export function touch(fd: number): void {
  const now = new Date();
  try {
    futimesSync(fd, now, now);
  } catch {
    // A network that fails for a moment: the next beat may come through. A file that is gone: nobody looks at it.
  }
}
