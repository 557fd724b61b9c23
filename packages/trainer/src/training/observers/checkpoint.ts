import type { ModelCard } from '@genesis/inference';
import { getWeights } from '@genesis/unet3d';
import { saveCheckpoint } from '../../run/checkpoint.js';
import type { RunPaths } from '../../run/layout.js';
import { diverged } from '../diverged.js';
import type { Snapshot, TrainingObserver, TrainingSession } from '../observer.js';
import { toCheckpoint } from '../snapshot.js';

/**
 * Saves the weights of the best epoch, and after every epoch and on an interruption all that is needed to go on. It
 * stands after the observers whose memory it saves.
 */
export function checkpoint(paths: RunPaths, model: ModelCard): TrainingObserver {
  const save = async (session: TrainingSession): Promise<void> =>
    saveCheckpoint(paths.last, toCheckpoint(finite(await session.capture(), session), model));
  return {
    name: 'checkpoint',
    async onEpoch({ isBest, epoch, step, validation }, session) {
      if (isBest) {
        const { weights } = await session.withEvaluatedWeights(async () =>
          finite({ weights: await getWeights(session.plan.model) }, session),
        );
        const state = { epoch, step, validation: validation.values };
        await saveCheckpoint(paths.best, { weights, state, model });
      }
      await save(session);
    },
    async onEnd(reason, session) {
      if (reason === 'interrupted') await save(session);
    },
  };
}

/**
 * What it is given, when all weights and running statistics are finite: others are of no use, and are never saved.
 *
 * @throws TrainerError 'diverged'.
 */
function finite<W extends Pick<Snapshot, 'weights'>>(saved: W, { optimizer }: TrainingSession): W {
  for (const [name, { data }] of saved.weights) {
    if (data.every((value) => Number.isFinite(value))) continue;
    throw diverged(`${name} is not finite any more`, optimizer.learningRate);
  }
  return saved;
}
