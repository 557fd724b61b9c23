/** Why a command could not do what was asked. */
export type TrainerErrorCode =
  | 'bad-config' // an option is unknown, missing or outside its range
  | 'bad-argument' // arguments contradict each other or what is on disk
  | 'no-data' // nothing usable where data were expected
  | 'bad-data' // a volume, label or table that cannot be used as it is
  | 'run-exists' // the output folder already holds a run
  | 'run-missing' // no run where one was expected
  | 'run-locked' // another process works in the run folder
  | 'run-broken' // the run folder contradicts itself
  | 'write-failed' // disk full, read-only, …
  | 'weights' // weights that do not fit the network
  | 'diverged' // the loss became NaN or infinite
  | 'collapsed'; // the network gives one constant value

/**
 * Every failure that this package foresees. `message` is one sentence that says what was wrong, where, and what to do;
 * the command line prints it and nothing else.
 */
export class TrainerError extends Error {
  override readonly name = 'TrainerError';

  constructor(
    readonly code: TrainerErrorCode,
    message: string,
    details: { file?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.file = details.file;
  }

  /** The file or folder concerned, when there is one. */
  readonly file: string | undefined;
}

/** What the operating system said, in words: 'no space left on the device' for ENOSPC, … */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
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
