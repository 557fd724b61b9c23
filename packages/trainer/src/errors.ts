import { GenesisError } from '@genesis/core';

/** Why a command could not do what was asked. */
export type TrainerErrorCode =
  | 'bad-config' // an option is unknown, missing or outside its range
  | 'bad-argument' // arguments contradict each other or what is on disk
  | 'data-changed' // the volumes of a run are not those that it was started with
  | 'no-data' // nothing usable where data were expected
  | 'bad-data' // a volume, label or table that cannot be used as it is
  | 'run-exists' // the output folder already holds a run
  | 'run-missing' // no run where one was expected
  | 'run-broken' // the run folder contradicts itself
  | 'weights' // weights that do not fit the network
  | 'replicas-differ' // processes that train together were not started alike
  | 'diverged' // the loss became NaN or infinite
  | 'collapsed'; // the network gives one constant value

/**
 * Every failure that this package foresees. `message` is one sentence that says what was wrong, where, and what to do;
 * the command line prints it and nothing else.
 */
export class TrainerError extends GenesisError<TrainerErrorCode> {
  override readonly name = 'TrainerError';
}
