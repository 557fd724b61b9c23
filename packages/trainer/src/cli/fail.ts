import { isGenesisError } from '@genesis/core';
import { CommanderError } from 'commander';

/**
 * Prints one sentence on stderr and gives the exit code: 1 for what the user can put right, 2 for wrong usage, 70 for a
 * defect of this program (the only case with a stack, and only when GENESIS_DEBUG is set).
 *
 * @param where - Put in front of the sentence.
 */
export function fail(error: unknown, where = ''): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = isGenesisError(error);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    expected
      ? `genesis: ${where}${message}\n`
      : `genesis: ${where}internal error: ${message.split('\n')[0]} (please report it; GENESIS_DEBUG=1 shows where)\n`,
  );
  if (process.env.GENESIS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (isGenesisError(error, 'bad-config')) return 2;
  return expected ? 1 : 70;
}
