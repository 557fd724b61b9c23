import type { ModelCard } from '@genesis/inference';
import { getWeights } from '@genesis/unet3d';
import { saveCheckpoint } from '../../run/checkpoint.js';
import type { RunPaths } from '../../run/layout.js';
import type { TrainingObserver, TrainingSession } from '../observer.js';
import { toCheckpoint } from '../snapshot.js';

/**
 * Saves the weights of the best epoch, and after every epoch and on an interruption all that is needed to go on. It
 * stands after the observers whose memory it saves.
 */
export function checkpoint(paths: RunPaths, model: ModelCard): TrainingObserver {
  const save = async (session: TrainingSession): Promise<void> =>
    saveCheckpoint(paths.last, toCheckpoint(await session.capture(), model));
  return {
    name: 'checkpoint',
    async onEpoch({ isBest, epoch, step, validation }, session) {
      if (isBest) {
        const weights = await getWeights(session.plan.model);
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
