import type { Loss, OutputsLoss } from '@genesis/unet3d';

/** A loss over one target and one output, for networks that have one. */
export function ofOneOutput(loss: Loss): OutputsLoss {
  return ([target], [prediction]) => loss(target, prediction);
}
