import type { NetworkConfig } from './api.js';

/** The network options that were given, the rest as in `base`. */
export function networkFrom(given: Partial<NetworkConfig>, base: NetworkConfig): NetworkConfig {
  return {
    width: given.width ?? base.width,
    levels: given.levels ?? base.levels,
    activation: given.activation ?? base.activation,
    norm: given.norm ?? base.norm,
    upsampling: given.upsampling ?? base.upsampling,
  };
}
