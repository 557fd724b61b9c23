import type { NamedNdArrays } from '@genesis/unet3d';
import type { NamedTensors } from '@genesis/zoo';

/** The tensors without 64-bit integers: those are counters (`num_batches_tracked`), never weights. */
export function trainable(tensors: NamedTensors): NamedNdArrays {
  const kept: NamedNdArrays = new Map();
  for (const [name, tensor] of tensors) {
    const { data } = tensor;
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) continue;
    kept.set(name, tensor as Parameters<NamedNdArrays['set']>[1]);
  }
  return kept;
}
