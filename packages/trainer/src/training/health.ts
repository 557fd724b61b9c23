import { TrainerError } from '../errors.js';

/** A network whose output varies less than this share of the target's variation gives a constant. */
const FLAT = 0.02;
/** Validations in a row with a constant output that are taken for a collapse; a network may start flat. */
const FLAT_EPOCHS = 3;

/** Throws 'diverged' when a loss is not finite. */
export function checkLoss(loss: number, step: number, learningRate: number): void {
  if (Number.isFinite(loss)) return;
  throw new TrainerError(
    'diverged',
    `the loss became ${loss} at step ${step}; the learning rate ${learningRate} is probably too high: try a tenth of it, or --clip-norm 1`,
  );
}

/**
 * Counts validations in a row whose output is constant.
 *
 * @param spread - Standard deviation of the output over that of the target.
 * @returns The new count.
 * @throws TrainerError 'collapsed' at the third in a row: gradients of a saturated output vanish, so it does not recover.
 */
export function checkSpread(
  spread: number | undefined,
  flat: number,
  learningRate: number,
): number {
  if (spread === undefined || spread >= FLAT) return 0;
  if (flat + 1 < FLAT_EPOCHS) return flat + 1;
  throw new TrainerError(
    'collapsed',
    `the network has given one constant value for ${FLAT_EPOCHS} epochs; the learning rate ${learningRate} is probably too high: start again with a tenth of it`,
  );
}
