import { stagesOf } from '@genesis/unet3d';
import type { TrainingSession } from './observer.js';

/**
 * Which weights learn in the step after `step` steps, by name: those of the decoder first, of one stage after the other from
 * the output on, or of all but a frozen encoder. A function of the position alone, so that a resumed run does the same.
 * Normalisations of what does not learn go on to take statistics.
 *
 * @param step - Steps done in the whole run.
 * @returns undefined where all do.
 */
export function learningParts(
  { plan, schedule, context }: TrainingSession,
  epoch: number,
  step: number,
): ((name: string) => boolean) | undefined {
  const { freezeEncoder = false, unfreezeEvery } = context.config;
  const withoutEncoder = freezeEncoder || step < (schedule.decoderSteps ?? 0);
  if (!withoutEncoder && unfreezeEvery === undefined) return undefined;
  const stages =
    unfreezeEvery === undefined
      ? ['']
      : stagesOf(plan.model).slice(0, 1 + Math.floor(epoch / unfreezeEvery));
  return (name) =>
    stages.some((stage) => name.startsWith(stage)) &&
    !(withoutEncoder && name.startsWith('encoder.'));
}
