import { stat } from 'node:fs/promises';
import { setWeights } from '@genesis/unet3d';
import { TrainerError } from '../errors.js';
import { loadCheckpoint } from '../run/checkpoint.js';
import type { OnEvent } from './events.js';
import type { Snapshot, TrainingSession } from './observer.js';
import { AVERAGE } from './session.js';
import { fromCheckpoint } from './snapshot.js';

/**
 * Puts network, optimizer and observers back to a checkpoint; to the beginning when none has been saved yet.
 *
 * @throws TrainerError 'run-broken' when the file does not fit this run.
 */
export async function resume(session: TrainingSession, path: string, emit: OnEvent): Promise<void> {
  const exists = (await stat(path).catch(() => undefined)) !== undefined;
  const snapshot = exists ? fromCheckpoint(await loadCheckpoint(path)) : undefined;
  if (snapshot) apply(session, snapshot, path);
  const { epoch, step } = session.state;
  emit({
    type: 'note',
    text: snapshot
      ? `resuming in epoch ${epoch + 1}, after step ${step}`
      : 'no checkpoint yet: starting from the beginning',
  });
  for (const observer of session.observers) {
    await observer.restore?.(snapshot?.observers.get(observer.name), session);
  }
}

function apply(session: TrainingSession, snapshot: Snapshot, path: string): void {
  try {
    setWeights(session.plan.model, snapshot.weights);
    session.optimizer.setState(snapshot.optimizer);
    session.average?.setState(snapshot.observers.get(AVERAGE)?.tensors ?? new Map());
  } catch (cause) {
    throw new TrainerError(
      'run-broken',
      `${path} does not fit this run: ${(cause as Error).message}`,
      { file: path, cause },
    );
  }
  session.moveTo(snapshot.state);
}
