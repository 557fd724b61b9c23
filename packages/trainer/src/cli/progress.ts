import cliProgress from 'cli-progress';
import { duration } from '../report/duration.js';
import { shortNumber } from '../report/ticks.js';
import type { EpochResult } from '../training/api.js';
import type { OnEvent, TrainingEvent } from '../training/events.js';

export interface ProgressOpts {
  readonly quiet: boolean;
  readonly stream: NodeJS.WriteStream;
}

/**
 * Shows training on a stream: on a terminal a bar with loss, speed and time left, elsewhere one line an epoch. With
 * `quiet` only warnings are shown.
 */
export function showProgress(opts: ProgressOpts): OnEvent {
  const { stream, quiet } = opts;
  const live = stream.isTTY === true && !quiet;
  const bar = live ? createBar(stream) : undefined;
  let begin: Extract<TrainingEvent, { type: 'begin' }> | undefined;
  let startedAt = 0;
  let running = false;
  const print = (line: string): void => {
    if (bar && running) bar.stop();
    running = false;
    stream.write(`${line}\n`);
  };
  return (event) => {
    switch (event.type) {
      case 'note':
        if (!quiet) print(event.text);
        break;
      case 'warning':
        print(`warning: ${event.text}`);
        break;
      case 'begin':
        begin = event;
        startedAt = performance.now();
        break;
      case 'step': {
        if (!bar || !begin) break;
        const { progress } = event;
        const payload = {
          epoch: `${progress.epoch + 1}/${begin.epochs}`,
          loss: shortNumber(progress.loss),
          speed: shortNumber(progress.samplesPerSecond),
          left: duration(secondsLeft(begin, progress.step, startedAt)),
        };
        if (!running) bar.start(begin.stepsPerEpoch, progress.stepInEpoch, payload);
        else bar.update(progress.stepInEpoch, payload);
        running = true;
        break;
      }
      case 'epoch':
        if (!quiet) print(epochLine(event.result, begin?.epochs ?? 0));
        break;
      case 'end':
        if (bar && running) bar.stop();
        running = false;
        break;
    }
  };
}

/** One epoch in one line. */
function epochLine(result: EpochResult, epochs: number): string {
  const values = Object.entries(result.validation.values).map(
    ([name, value]) => `${name === 'loss' ? 'val loss' : name} ${shortNumber(value)}`,
  );
  return [
    `epoch ${result.epoch}/${epochs}${result.partial ? ' (cut short)' : ''}`,
    `loss ${shortNumber(result.trainLoss)}`,
    ...values,
    `lr ${shortNumber(result.learningRate)}`,
    `${shortNumber(result.samplesPerSecond)} samples/s`,
    `${duration(result.seconds)}${result.isBest ? '  ★ best' : ''}`,
  ].join('  ');
}

function createBar(stream: NodeJS.WriteStream): cliProgress.SingleBar {
  return new cliProgress.SingleBar(
    {
      stream,
      format: 'epoch {epoch} │{bar}│ {value}/{total}  loss {loss}  {speed} samples/s  {left} left',
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      gracefulExit: false,
      barsize: 24,
      fps: 8,
    },
    cliProgress.Presets.shades_classic,
  );
}

function secondsLeft(
  begin: Extract<TrainingEvent, { type: 'begin' }>,
  step: number,
  startedAt: number,
): number {
  const elapsed = (performance.now() - startedAt) / 1000;
  const total = begin.epochs * begin.stepsPerEpoch;
  const byEpochs = (elapsed / Math.max(1, step - begin.step)) * Math.max(0, total - step);
  return begin.maxSeconds === undefined
    ? byEpochs
    : Math.min(byEpochs, Math.max(0, begin.maxSeconds - elapsed));
}
