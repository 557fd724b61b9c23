import { atomicWrite } from '@genesis/core/node';
import type { ReportData } from '../../report/api.js';
import { renderPage } from '../../report/page.js';
import type { TrainingObserver } from '../observer.js';

/** Milliseconds between two reports while a run is going on. */
const REPORT_EVERY = 30_000;

/**
 * Writes the report at the end, and after an epoch when the last one is half a minute old.
 *
 * @param make - What the page is to say.
 * @param onReport - Told of what it says, and of the steps done.
 */
export function report(
  path: string,
  make: () => Promise<ReportData>,
  onReport?: (report: ReportData, step: number) => Promise<void>,
): TrainingObserver {
  let writtenAt = performance.now();
  const write = async (step: number): Promise<void> => {
    const data = await make();
    await atomicWrite(path, renderPage(data));
    await onReport?.(data, step);
    writtenAt = performance.now();
  };
  return {
    name: 'report',
    async onEpoch({ step }) {
      if (performance.now() - writtenAt > REPORT_EVERY) await write(step);
    },
    onEnd: (_, { state }) => write(state.step),
  };
}
