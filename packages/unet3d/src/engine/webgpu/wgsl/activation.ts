import type { FusedActivation } from '@genesis/core/kernels';

/** The activation of `z`, of the type `V`, with `P.alpha`. */
export function activated(activation: FusedActivation): string {
  if (activation === 'linear') return 'z';
  if (activation === 'relu') return 'select(z, V(0), z < V(0))';
  if (activation === 'leakyRelu') return 'select(z, z * P.alpha, z < V(0))';
  // The series where exp(z) − 1 would lose digits.
  return 'select(z, P.alpha * select(exp(z) - 1.0, z * (1.0 + z * (0.5 + z * (1.0 / 6.0 + z * (1.0 / 24.0)))), abs(z) < V(0.05)), z < V(0))';
}

/** The slope of the activation at `z`; at a kink that of the negative side. */
export function slope(activation: FusedActivation): string {
  if (activation === 'linear') return 'V(1)';
  if (activation === 'relu') return 'select(V(0), V(1), z > V(0))';
  if (activation === 'leakyRelu') return 'select(V(P.alpha), V(1), z > V(0))';
  return 'select(P.alpha * exp(z), V(1), z > V(0))';
}
