import type { NetworkConfig } from '@genesis/inference';

/** What the options of a command say about the network. */
export type NetworkOpts = {
  readonly [K in keyof Omit<NetworkConfig, 'variant'>]?: NetworkConfig[K] | undefined;
};

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
