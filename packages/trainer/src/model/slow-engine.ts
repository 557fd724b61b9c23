import { nativeStatus } from '@genesis/tfjs-backend-native';
import type { Engine } from '@genesis/unet3d';

/** How many times longer than the native engine plain JavaScript takes for a training step on two threads. */
const TIMES_SLOWER = 66;

/**
 * One line on what to do about an engine of plain JavaScript: undefined for other engines, and where the native one could have been
 * asked for.
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
  return `plain JavaScript computes, which takes about ${TIMES_SLOWER} times as long as the native engine; to have that, ${mend}`;
}
