import { nativeStatus } from '@genesis/tfjs-backend-native';
import type { Engine } from '@genesis/unet3d';

/**
 * One line on what to do about an engine of plain JavaScript: undefined for other engines, and where the native one could have been
 * asked for. Measured on training steps of U-Nets of 4 to 8 channels with two threads: 300 to 500 times as long.
 */
export function slowEngineLine(
  engine: Pick<Engine, 'name'>,
  native: Pick<
    ReturnType<typeof nativeStatus>,
    'available' | 'reason' | 'command'
  > = nativeStatus(),
): string | undefined {
  if (engine.name !== 'cpu' || native.available) return undefined;
  const mend = native.command === undefined ? (native.reason ?? '') : `run "${native.command}"`;
  return `plain JavaScript computes, which takes hundreds of times as long as the native engine; to have that, ${mend}`;
}
