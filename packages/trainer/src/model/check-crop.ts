import { sideMultiple } from '@genesis/inference';
import { TrainerError } from '../errors.js';

/** Throws TrainerError 'bad-config' unless the network can halve every side of the crop often enough. */
export function checkCrop(crop: readonly number[], levels: number): void {
  const multiple = sideMultiple(levels);
  if (crop.every((side) => side % multiple === 0)) return;
  const nearest = crop.map((side) => Math.max(multiple, Math.round(side / multiple) * multiple));
  throw new TrainerError(
    'bad-config',
    `a crop of ${crop.join('×')} does not suit a network of ${levels} levels: its sides must be multiples of ${multiple}, such as ${nearest.join(',')}`,
  );
}
