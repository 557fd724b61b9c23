import { TransformsError } from '@genesis/transforms';
import { UNet3dError } from '@genesis/unet3d';
import { VolumeIoError } from '@genesis/volume-io';
import { WeightFormatError } from '@genesis/zoo';
import { CommanderError } from 'commander';
import { TrainerError } from '../errors.js';

/**
 * Prints one sentence on stderr and gives the exit code: 1 for what the user can put right, 2 for wrong usage, 70 for a
 * defect of this program (the only case with a stack, and only when GENESIS_DEBUG is set).
 */
export function fail(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected =
    error instanceof TrainerError ||
    error instanceof VolumeIoError ||
    error instanceof WeightFormatError ||
    error instanceof TransformsError ||
    error instanceof UNet3dError;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    expected
      ? `genesis: ${message}\n`
      : `genesis: internal error: ${message.split('\n')[0]} (please report it; GENESIS_DEBUG=1 shows where)\n`,
  );
  if (process.env.GENESIS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (error instanceof TrainerError && error.code === 'bad-config') return 2;
  return expected ? 1 : 70;
}
