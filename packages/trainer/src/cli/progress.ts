import cliProgress from 'cli-progress';
import { duration } from '../report/duration.js';
import { shortNumber } from '../report/ticks.js';
import type { OnEvent, TrainingEvent } from '../training/events.js';
import { epochLines } from './epoch-lines.js';

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
  let line = epochLines(0, () => stream.columns);
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
        line = epochLines(event.epochs, () => stream.columns);
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
        if (!quiet) print(line(event.result));
        break;
      case 'end':
        if (bar && running) bar.stop();
        running = false;
        break;
    }
  };
}

function createBar(stream: NodeJS.WriteStream): cliProgress.SingleBar {
  return new cliProgress.SingleBar(
    {
      stream,
      format: 'epoch {epoch} │{bar}│ {value}/{total}  loss {loss}  {speed}/s  {left} left',
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      gracefulExit: false,
      barsize: 16,
      linewrap: false,
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
