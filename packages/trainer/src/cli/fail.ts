import { CommanderError } from 'commander';
import { TrainerError } from '../errors.js';

/**
 * Prints one sentence on stderr and gives the exit code: 1 for what the user can put right, 2 for wrong usage, 70 for a
 * defect of this program (the only case with a stack, and only when GENESIS_DEBUG is set).
 */
export async function fail(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const expected = await isForeseen(error);
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

/** Whether one of our packages threw it on purpose. The packages are loaded only now: most commands need few of them. */
async function isForeseen(error: unknown): Promise<boolean> {
  if (error instanceof TrainerError) return true;
  const [{ VolumeIoError }, { WeightFormatError }, { TransformsError }, { UNet3dError }] =
    await Promise.all([
      import('@genesis/volume-io'),
      import('@genesis/zoo'),
      import('@genesis/transforms'),
      import('@genesis/unet3d'),
    ]);
  return (
    error instanceof VolumeIoError ||
    error instanceof WeightFormatError ||
    error instanceof TransformsError ||
    error instanceof UNet3dError
  );
}
