import type { RunContext } from '../../training/run-context.js';
import { dataChanged } from './split-of-run.js';

/**
 * A resumed run keeps its classes: their number is the network's, their order the meaning of its outputs.
 *
 * @param what - What the values are, for the message.
 * @throws TrainerError 'data-changed' when the data hold others now.
 */
export function checkClasses(
  { previous, run }: Pick<RunContext, 'previous' | 'run'>,
  what: string,
  values: readonly (number | string)[],
): void {
  const model = previous?.model;
  if (model?.kind !== 'classification' && model?.kind !== 'segmentation') return;
  const before = model.classes.map(({ value }) => value);
  if (before.length === values.length && before.every((value, n) => value === values[n])) return;
  throw dataChanged(run.paths.folder, [
    `the ${what} were ${before.join(', ')} and are ${values.join(', ')}`,
  ]);
}
