import type { NetworkConfig } from '@genesis/inference';
import type { NetworkOpts } from '../config/options.js';
import { TrainerError } from '../errors.js';

/** The network options that were given, the rest as in `base`. */
export function networkFrom(given: NetworkOpts, base: NetworkConfig): NetworkConfig {
  const { architecture = base.architecture } = given;
  const isResidual = architecture === 'residual';
  // nnU-Net's own, where its network is asked for instead of another.
  const usual =
    isResidual && base.architecture !== 'residual'
      ? { ...base, norm: 'instance' as const, activation: 'leakyRelu' as const }
      : base;
  if (isResidual && given.upsampling === 'repeat') {
    throw new TrainerError(
      'bad-config',
      'the residual network has transposed convolutions: leave --upsampling repeat out, or take --architecture unet',
    );
  }
  return {
    width: given.width ?? usual.width,
    levels: given.levels ?? usual.levels,
    activation: given.activation ?? usual.activation,
    norm: given.norm ?? usual.norm,
    upsampling: isResidual ? 'transposed' : (given.upsampling ?? usual.upsampling),
    variant: isResidual ? 'pytorch' : usual.variant,
    architecture,
    skips: usual.skips,
  };
}
