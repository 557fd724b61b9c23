import { getWeights, setWeights } from '@genesis/unet3d';
import type { TrainingPlan } from './api.js';
import type { TrainingSession } from './observer.js';
import { checkAlike } from './replicas/check-alike.js';
import type { RunContext } from './run-context.js';

/**
 * Before the first step of several processes: they must have been started alike, and have the weights of the first from then on.
 *
 * @throws TrainerError 'replicas-differ'.
 */
export async function startTogether(
  { config, replicas, emit }: RunContext,
  { model, data = [], info, batchSize }: TrainingPlan,
): Promise<void> {
  const { size, hosts, scope } = replicas;
  if (size === 1) return;
  const weights = await getWeights(model);
  await checkAlike(replicas, { config, data, tensors: [weights] });
  setWeights(model, await replicas.broadcast(weights));
  const machines = new Set(hosts).size;
  emit({
    type: 'note',
    text: `${size} processes on ${machines === 1 ? hosts[0] : `${machines} hosts`} share batches of ${batchSize}`,
  });
  if (!info.network.norm.startsWith('batch')) return;
  const share = batchSize / size;
  emit({
    type: 'note',
    text: scope?.syncNorm
      ? 'batch normalisation over the samples of all processes'
      : `batch normalisation over the samples of each process alone, ${Number.isInteger(share) ? share : `about ${share.toFixed(1)}`} at a time; --sync-norm takes those of all`,
  });
}

/**
 * After each of several processes has read the checkpoint: they must have read the same.
 *
 * @throws TrainerError 'replicas-differ'.
 */
export async function resumeTogether(
  { config, replicas }: RunContext,
  { model, data = [] }: TrainingPlan,
  session: TrainingSession,
): Promise<void> {
  if (replicas.size === 1) return;
  const tensors = [await getWeights(model), await session.optimizer.state()];
  await checkAlike(replicas, { config, data, tensors });
}
