import { atomicWrite } from '@genesis/core/node';
import type { TrainingObserver } from '../observer.js';

/** Milliseconds between two reports while a run is going on. */
const REPORT_EVERY = 30_000;

/**
 * Writes the report at the end, and after an epoch when the last one is half a minute old.
 *
 * @param page - Makes the whole document.
 */
export function report(path: string, page: () => Promise<string>): TrainingObserver {
  let writtenAt = performance.now();
  const write = async (): Promise<void> => {
    await atomicWrite(path, await page());
    writtenAt = performance.now();
  };
  return {
    name: 'report',
    async onEpoch() {
      if (performance.now() - writtenAt > REPORT_EVERY) await write();
    },
    onEnd: write,
  };
}
