import type { ReadonlyVec3 } from '@genesis/core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { OptionError } from '../errors.js';
import { CropLike } from '../layers/crop-like.js';
import { PadToMultiple } from '../layers/pad-to-multiple.js';
import { toVec3 } from '../layers/to-vec3.js';

export interface FitOpts {
  inputShape: readonly (number | null)[];
  levels?: number;
  width?: number;
  outChannels?: number;
  fit?: 'exact' | 'pad';
}

/**
 * Checks that each spatial size divides by `multiple`, or pads to it when `fit` is `pad`.
 * @throws OptionError
 */
export function fitInput(
  input: tfl.SymbolicTensor,
  multiple: number | ReadonlyVec3,
  opts: FitOpts,
): tfl.SymbolicTensor {
  for (const option of ['width', 'levels', 'outChannels'] as const) {
    const value = opts[option];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw new OptionError(option, `${option} must be a positive whole number, not ${value}.`);
    }
  }
  if (opts.inputShape.length !== 4 || !opts.inputShape[3]) {
    throw new OptionError(
      'inputShape',
      `inputShape must be [x, y, z, channels] with the channels given, not [${opts.inputShape}].`,
    );
  }
  if (opts.fit === 'pad') {
    return new PadToMultiple({ name: 'input.pad', multiple }).apply(input) as tfl.SymbolicTensor;
  }
  const bad = opts.inputShape
    .slice(0, 3)
    .some((size, axis) => size != null && size % toVec3(multiple)[axis] !== 0);
  if (bad) {
    throw new OptionError(
      'inputShape',
      `Input size ${opts.inputShape.slice(0, 3).join('×')} is not divisible by ${toVec3(multiple).join('×')}: choose ` +
        `sizes that are, fewer levels, or fit: 'pad'.`,
    );
  }
  return input;
}

/** Crops the output to the input's size when `fit` is `pad`. */
export function fitOutput(
  output: tfl.SymbolicTensor,
  input: tfl.SymbolicTensor,
  opts: FitOpts,
): tfl.SymbolicTensor {
  if (opts.fit !== 'pad') return output;
  return new CropLike({ name: 'output.crop' }).apply([output, input]) as tfl.SymbolicTensor;
}
