import { GenesisError } from '@genesis/core';

/** Why MPI could not do what was asked. */
export type MpiErrorCode =
  | 'unavailable' // there is no addon, it does not load, or the library does not start
  | 'launcher' // the processes were started by another library's mpirun
  | 'bad-argument' // what was given cannot be sent
  | 'failed'; // the library says that a collective went wrong

/** Every failure that this package foresees. */
export class MpiError extends GenesisError<MpiErrorCode> {
  override readonly name = 'MpiError';
}
