import type { ReadonlyVec3 } from '@genesis/core';
import { normalizeIntensity, reorient, resampleToSpacing, type Volume } from '@genesis/volume-io';
import { chooseScheme, type SchemeName } from './choose-scheme.js';
import { finiteVolume } from './finite-volume.js';

/** What is done to a volume before the network sees it; saved with the weights, so that prediction does the same. */
export interface Preparation {
  /** Axes that volumes are turned to ('RAS'), or 'native'. */
  readonly orientation: string;
  /** mm; left out: as it is. */
  readonly spacing?: ReadonlyVec3;
  /** 'auto' decides for each volume by itself. */
  readonly normalization: SchemeName;
  /** What to do with a volume that holds NaN or infinities: refuse it, or take them as 0. */
  readonly nonFinite: 'error' | 'zero';
  /** The channels in their order. Left out: one that has no name, normalized by `normalization`. */
  readonly channels?: readonly ChannelPreparation[];
  /** Whether an image may lack a channel, which is then 0 everywhere after normalization. Left out: it may not. */
  readonly allowMissing?: boolean;
  /** Whether channels on other grids are resampled onto that of the first. Left out: they are refused. */
  readonly resampleChannels?: boolean;
}

/** What is known of a channel, and how its intensities are normalized. */
export interface ChannelPreparation {
  /** As the dataset calls it, such as 'CT'. */
  readonly name: string;
  readonly normalization: SchemeName;
}

/**
 * Turned, resampled and normalized; shares no memory with `volume`. Resampling is linear.
 *
 * @throws InferenceError 'non-finite'; VolumeIoError for an orientation or a spacing that makes no sense.
 */
export function prepareVolume(volume: Volume, preparation: Preparation): Volume<Float32Array> {
  const finite = finiteVolume(volume, preparation.nonFinite);
  const scheme = chooseScheme(finite, preparation.normalization);
  return normalizeIntensity(toGrid(finite, preparation, 'linear'), scheme);
}

/** Labels on the same grid as their prepared image: turned, resampled by the nearest value, not normalized. */
export function prepareLabels(volume: Volume, preparation: Preparation): Volume {
  return toGrid(volume, preparation, 'nearest');
}

function toGrid(
  volume: Volume,
  preparation: Preparation,
  interpolation: 'linear' | 'nearest',
): Volume {
  const turned =
    preparation.orientation === 'native' ? volume : reorient(volume, preparation.orientation);
  return preparation.spacing
    ? resampleToSpacing(turned, preparation.spacing, { interpolation })
    : turned;
}
