import type { NetworkConfig } from '@genesis/inference';
import type { NetworkOpts } from '../config/options.js';

/** The network options that were given, the rest as in `base`. */
export function networkFrom(given: NetworkOpts, base: NetworkConfig): NetworkConfig {
  return {
    width: given.width ?? base.width,
    levels: given.levels ?? base.levels,
    activation: given.activation ?? base.activation,
    norm: given.norm ?? base.norm,
    upsampling: given.upsampling ?? base.upsampling,
    variant: base.variant,
  };
}
