import {
  normalizeIntensity,
  reorient,
  resampleToSpacing,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';
import { chooseScheme, type SchemeName } from './choose-scheme.js';

/** What is done to a volume before the network sees it; saved with the weights, so that prediction does the same. */
export interface Preparation {
  /** Axes that volumes are turned to ('RAS'), or 'native'. */
  readonly orientation: string;
  /** mm; left out: as it is. */
  readonly spacing?: Vec3;
  /** 'auto' decides for each volume by itself. */
  readonly normalization: SchemeName;
  readonly nonFinite: 'error' | 'zero';
}

/** Turned, resampled and normalised; shares no memory with `volume`. Resampling is linear. */
export function prepareVolume(volume: Volume, preparation: Preparation): Volume<Float32Array> {
  const scheme = chooseScheme(volume, preparation.normalization);
  return normalizeIntensity(toGrid(volume, preparation, 'linear'), scheme);
}

/** Labels on the same grid as their prepared image: turned, resampled by the nearest value, not normalised. */
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
