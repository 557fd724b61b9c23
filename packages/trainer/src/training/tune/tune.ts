import type { RunInfo, RunLength } from '../../run/run-info.js';
import type { Trainable } from '../api.js';
import type { OnEvent } from '../events.js';
import type { LoopContext } from '../loop-context.js';
import { needsLength } from '../schedule.js';
import { lengthOf } from '../session.js';
import { findRate } from './find-rate.js';
import { planLength } from './plan-length.js';

/** What is decided before the first step. */
export interface Tuned {
  readonly length: Pick<RunLength, 'epochs' | 'stepsPerEpoch'>;
  /** For run.json, where the time was planned. */
  readonly planned?: RunLength;
  /** Where it was looked for. */
  readonly learningRate?: number;
}

/**
 * Decides what the options leave to measurements: the learning rate (`lrFind`) and, where a schedule must end with the time, the
 * length of the run. A resumed run keeps what was decided when it began.
 *
 * @param begunAt - When the time of the run began, in the milliseconds of `context.now`.
 */
export async function tune(
  context: LoopContext,
  plan: Trainable,
  emit: OnEvent,
  begunAt: number,
  previous?: RunInfo,
): Promise<Tuned> {
  const { config, now = () => performance.now() } = context;
  if (previous) {
    const { length: planned, learningRate } = previous;
    return { length: planned ?? lengthOf(config, plan), planned, learningRate };
  }
  let learningRate: number | undefined;
  if (config.lrFind && config.learningRate === undefined) {
    learningRate = await findRate(context, plan);
    emit({ type: 'note', text: `learning rate found: ${learningRate}` });
  }
  if (config.maxMinutes === undefined || !needsLength(config)) {
    return { length: lengthOf(config, plan), learningRate };
  }
  const left = config.maxMinutes * 60 - (now() - begunAt) / 1000;
  const planned = await planLength({ ...context, config: { ...config, learningRate } }, plan, left);
  const { epochs, stepsPerEpoch, secondsPerStep = 0 } = planned;
  emit({
    type: 'note',
    text: `a step takes ${secondsPerStep.toPrecision(2)} s: ${epochs} epochs of ${stepsPerEpoch} steps are planned for ${config.maxMinutes} minutes`,
  });
  return { length: planned, planned, learningRate };
}
