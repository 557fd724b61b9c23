import type { RunLength } from '../../run/run-info.js';
import type { Trainable } from '../api.js';
import type { LoopContext } from '../loop-context.js';
import { agreed } from './agreed.js';
import { trialSteps } from './trial-steps.js';

/** Steps that are tried; the first ones, which read files and warm up, are not counted. */
const TRIED = 12;
const NOT_COUNTED = 4;
/** Share of the time that a trial may take. */
const TRIAL_SHARE = 0.05;
/** Share of the time that is planned with: machines are not equally fast all the time. */
const PLANNED_SHARE = 0.95;
/** Epochs that a run is divided into where nobody says how long one is, and bounds of their steps. */
const EPOCHS = 50;
const FEWEST = 10;
const MOST = 250;
/** Validations shall take no larger share of the time. */
const VALIDATION_SHARE = 0.1;

/**
 * Plans a run that has `seconds`: measures steps and a validation and decides on whole epochs that fit. The plan is made before
 * the first step and does not change, so that the schedule is a function of the step.
 *
 * @param seconds - From now on; what is measured here takes part of it.
 */
export async function planLength(
  context: LoopContext,
  plan: Trainable,
  seconds: number,
): Promise<RunLength> {
  const { config, replicas, now = () => performance.now() } = context;
  const begun = now();
  const tried = await trialSteps(context, plan, {
    steps: TRIED,
    isEnough: (done) => done.length > 1 && (now() - begun) / 1000 > TRIAL_SHARE * seconds,
  });
  const counted = tried.slice(Math.min(NOT_COUNTED, tried.length - 1));
  const validating = now();
  await plan.validate();
  const measured = await agreed(replicas, [
    counted.reduce((sum, one) => sum + one.seconds, 0) / counted.length,
    (now() - validating) / 1000,
    seconds - (now() - begun) / 1000,
  ]);
  const [secondsPerStep, secondsPerValidation, left] = measured;
  return {
    ...divide({
      seconds: PLANNED_SHARE * left,
      secondsPerStep,
      secondsPerValidation,
      epochs: config.epochs,
      stepsPerEpoch: config.stepsPerEpoch,
    }),
    secondsPerStep,
    secondsPerValidation,
  };
}

/** What a length is decided by. */
export interface LengthOpts {
  /** For steps and validations. */
  readonly seconds: number;
  readonly secondsPerStep: number;
  readonly secondsPerValidation: number;
  /** At most. */
  readonly epochs: number;
  /** Default: so many that there are about 50 epochs, from 10 to 250, more where validations take long. */
  readonly stepsPerEpoch?: number;
}

/** As many whole epochs as fit into the time, each followed by a validation; one that is shorter when none fits. */
export function divide(opts: LengthOpts): Pick<RunLength, 'epochs' | 'stepsPerEpoch'> {
  const { seconds, secondsPerStep, secondsPerValidation, epochs } = opts;
  const step = Math.max(secondsPerStep, 1e-6);
  const most = Math.max(1, Math.floor((seconds - secondsPerValidation) / step));
  const usual = Math.min(MOST, Math.max(FEWEST, Math.round(most / EPOCHS)));
  const rare = Math.ceil((secondsPerValidation * (1 / VALIDATION_SHARE - 1)) / step);
  const wanted = opts.stepsPerEpoch ?? Math.max(usual, rare);
  const fitting = Math.floor(seconds / (wanted * step + secondsPerValidation));
  if (fitting >= 1) return { epochs: Math.min(epochs, fitting), stepsPerEpoch: wanted };
  return { epochs: 1, stepsPerEpoch: Math.min(wanted, most) };
}
