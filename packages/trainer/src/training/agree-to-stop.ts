import type { StopReason } from './api.js';
import type { Replicas } from './replicas/replicas.js';

/** Why a process would stop by itself. */
export type OwnReason = Extract<StopReason, 'time' | 'interrupted'>;

/** Why all stop at this step: because one of them would; an interruption comes before the time. */
export async function agreeToStop(
  replicas: Replicas,
  own: OwnReason | undefined,
): Promise<OwnReason | undefined> {
  if (replicas.size === 1) return own;
  const votes = Float64Array.of(own === 'interrupted' ? 1 : 0, own === 'time' ? 1 : 0);
  await replicas.sum(votes);
  if (votes[0] > 0) return 'interrupted';
  return votes[1] > 0 ? 'time' : undefined;
}
