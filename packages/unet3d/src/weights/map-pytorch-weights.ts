import type { NamedTensorLikes } from '../api.js';
import {
  type MappedWeights,
  mapEach,
  type Place,
  PYTORCH_KERNEL,
  SECOND_NETWORK,
} from './mapped-weights.js';
import { unwrapNames } from './unwrap-names.js';

const OWN_NAME = /^(?:(?:down|up)_tr\d+|out_tr)\./;

const NORM: Record<string, string> = {
  weight: 'gamma',
  bias: 'beta',
  running_mean: 'movingMean',
  running_var: 'movingVariance',
};

/**
 * The reference's PyTorch names (`module.down_tr64.ops.0.conv1.weight`, under any prefix)
 * to ours, kernels from [out, in, d, h, w] to [d, h, w, in, out]. Any width and number of levels.
 */
export function mapPytorchWeights(tensors: NamedTensorLikes): MappedWeights {
  const { inner, others } = unwrapNames(tensors.keys(), OWN_NAME);
  const level = (kind: string): Map<number, number> => {
    const sizes = new Set<number>();
    for (const name of inner.values()) {
      const size = new RegExp(`^${kind}_tr(\\d+)\\.`).exec(name)?.[1];
      if (size) sizes.add(Number(size));
    }
    return new Map([...sizes].sort((a, b) => a - b).map((size, index) => [size, index]));
  };
  const levels = { down: level('down'), up: level('up') };
  return mapEach(tensors, (name) =>
    others.has(name) ? SECOND_NETWORK : placeOf(inner.get(name) ?? name, levels),
  );
}

function placeOf(
  name: string,
  levels: { down: Map<number, number>; up: Map<number, number> },
): Place | string {
  if (name.endsWith('.num_batches_tracked')) return 'a counter that nothing here needs';
  const final = /^out_tr\.final_conv\.(weight|bias)$/.exec(name);
  if (final) return parameter('head.conv', final[1]);
  const match =
    /^(down|up)_tr(\d+)\.(?:(up_conv)|ops\.([01])\.(conv1|bn1|activation))\.(\w+)$/.exec(name);
  if (!match) return 'not a name of the reference network';
  const [, kind, size, up, unit, part, field] = match;
  const level = levels[kind as 'down' | 'up'].get(Number(size))!;
  const stage = `${kind === 'down' ? 'encoder' : 'decoder'}.${level}`;
  if (up) return parameter(`${stage}.up`, field);
  const block = `${stage}.${unit === '0' ? 'a' : 'b'}`;
  if (part === 'conv1') return parameter(`${block}.conv`, field);
  if (part === 'activation') return { name: `${block}.act.alpha` };
  const norm = NORM[field];
  return norm ? { name: `${block}.norm.${norm}` } : 'not a name of the reference network';
}

/** A convolution's weight or bias. */
export function parameter(layer: string, field: string): Place {
  return field === 'weight'
    ? { name: `${layer}.kernel`, axes: PYTORCH_KERNEL }
    : { name: `${layer}.bias` };
}
