import { getWeights } from '@genesis/unet3d';
import type { ReportData } from '../../report/api.js';
import type { SummaryValue } from '../../tensorboard/event.js';
import { createEventFile } from '../../tensorboard/event-file.js';
import { histogram } from '../../tensorboard/histogram.js';
import { pictures } from '../../tensorboard/pictures.js';
import type { TrainingObserver } from '../observer.js';

/** An observer that keeps what TensorBoard shows, and what it is given to show beside that. */
export interface TensorboardObserver extends TrainingObserver {
  /** Shows the samples of a report as pictures. */
  showPictures(report: ReportData, step: number): Promise<void>;
}

/**
 * Writes event files for TensorBoard: losses of all steps; after each epoch the values of the validation, rate, speed, and a
 * histogram of each weight. A resumed run begins a file of its own, which takes back what it will tell again.
 */
export function tensorboard(folder: string): TensorboardObserver {
  const file = createEventFile(folder);
  const tell = (step: number, values: readonly SummaryValue[]): void =>
    file.add({ kind: 'summary', step, values });
  return {
    name: 'tensorboard',
    onStep: ({ step, loss }) => tell(step, [{ tag: 'loss/training', scalar: loss }]),
    async onEpoch({ step, validation, learningRate, samplesPerSecond }, { plan }) {
      const { loss, ...others } = validation.values;
      const weights = [...(await getWeights(plan.model))].flatMap(([name, { data }]) => {
        const found = histogram(data);
        return found ? [{ tag: `weights/${name}`, histogram: found }] : [];
      });
      tell(step, [
        { tag: 'loss/validation', scalar: loss },
        ...Object.entries(others).map(([name, scalar]) => ({ tag: `validation/${name}`, scalar })),
        { tag: 'training/learning rate', scalar: learningRate },
        { tag: 'training/samples per second', scalar: samplesPerSecond },
        ...weights,
      ]);
      await file.flush();
    },
    onEnd: () => file.flush(),
    restore(_, { state }) {
      file.add({ kind: 'restart', step: state.step + 1 });
    },
    async showPictures(report, step) {
      tell(step, pictures(report));
      await file.flush();
    },
  };
}
