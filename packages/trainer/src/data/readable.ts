import { type GenesisError, isGenesisError } from '@genesis/core';
import { TrainerError } from '../errors.js';

/** A volume that could be read, and which one it is. */
export interface Found<T> {
  readonly index: number;
  readonly value: T;
}

/** What is done about volumes that cannot be read. */
export interface UnreadableOpts {
  /** For messages. */
  readonly pathOf: (index: number) => string;
  /** Pass failures on instead of taking another volume. */
  readonly strict?: boolean;
  readonly onWarning?: (text: string) => void;
}

export interface ReadableOpts<T> extends UnreadableOpts {
  /** Loads a volume by its number. */
  readonly get: (index: number) => Promise<T>;
  /** The numbers that may stand in for each other. */
  readonly indices: readonly number[];
}

/** What is wrong with a file, and not with what was asked of it. */
const UNREADABLE = [
  'corrupt',
  'truncated',
  'not-found',
  'not-readable',
  'unsupported',
  'companion-missing',
  'geometry',
  'range',
] as const;

/** Whether this error means that a file is broken. */
export function isUnreadable(error: unknown): error is GenesisError {
  return isGenesisError(error, ...UNREADABLE);
}

/**
 * Gives volumes of which some may turn out to be unreadable once their voxels are needed: one that is is named once, and the next readable
 * one in the list stands in for it from then on. Which one depends on the files alone, so that a resumed run sees the same.
 *
 * @returns A function of the place in `indices`. It throws what `get` throws for anything but a broken file, and TrainerError 'no-data'
 *   when no volume is readable.
 */
export function readableOnly<T>(opts: ReadableOpts<T>): (place: number) => Promise<Found<T>> {
  const { get, indices, pathOf, strict, onWarning } = opts;
  const broken = new Map<number, GenesisError>();
  return async (place) => {
    for (let n = 0; n < indices.length; n++) {
      const index = indices[(place + n) % indices.length];
      if (broken.has(index)) continue;
      try {
        return { index, value: await get(index) };
      } catch (error) {
        if (strict || !isUnreadable(error)) throw error;
        // Several batches may wait for one volume.
        if (!broken.has(index)) {
          onWarning?.(`left out ${pathOf(index)}, which cannot be read: ${error.message}`);
        }
        broken.set(index, error);
      }
    }
    const [first] = broken.values();
    throw new TrainerError(
      'no-data',
      `not one of the volumes can be read${first ? `: ${first.message}` : ''}`,
      { file: first?.file, cause: first },
    );
  };
}
