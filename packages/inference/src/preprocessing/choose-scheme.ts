import type { IntensityScheme, Volume } from '@genesis/volume-io';

/** The names of the ways to normalize intensities. */
export const schemeNames = ['auto', 'ct', 'mr', 'percentile', 'zscore'] as const;

/** A way to normalize intensities; 'auto' decides for each volume by itself. */
export type SchemeName = (typeof schemeNames)[number];

/** The ways to normalize intensities that decide nothing, by name. */
export const intensitySchemes = {
  ct: { kind: 'ct', min: -1000, max: 1000 },
  mr: { kind: 'mr', max: 4000 },
  percentile: { kind: 'percentile', low: 0.5, high: 99.5 },
  zscore: { kind: 'zscore' },
} as const satisfies Record<Exclude<SchemeName, 'auto'>, IntensityScheme>;

/** Intensities below this are Hounsfield units of air or lung; MR has none. */
const AIR_HU = -200;

/**
 * The normalisation called `name`; 'auto' is CT's fixed window where the file says CT or the values are Hounsfield
 * units, and percentiles for everything else, since raw MR intensities have no common scale.
 */
export function chooseScheme(volume: Volume, name: SchemeName): IntensityScheme {
  return intensitySchemes[name === 'auto' ? detectScheme(volume) : name];
}

/** What 'auto' means for this volume. */
export function detectScheme(volume: Volume): 'ct' | 'percentile' {
  const { modality } = volume.header;
  if (modality !== undefined) return modality === 'CT' ? 'ct' : 'percentile';
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  const { data } = volume.data;
  for (let n = 0; n < data.length; n++) {
    if (data[n] < least) least = data[n];
    if (data[n] > greatest) greatest = data[n];
  }
  return least <= AIR_HU && greatest < 1e5 ? 'ct' : 'percentile';
}

const { ct, mr, percentile } = intensitySchemes;
const WORDS: Readonly<Record<Exclude<SchemeName, 'auto'>, string>> = {
  ct: `${ct.min}…${ct.max} HU become 0…1`,
  mr: `0…${mr.max} become 0…1`,
  percentile: `from ${percentile.low} % to ${percentile.high} % of the values of each volume become 0…1`,
  zscore: 'mean 0, standard deviation 1 in each volume',
};

/** In words what becomes of the intensities of a volume. */
export function describeScheme(name: SchemeName): string {
  if (name !== 'auto') return `${name}: ${WORDS[name]}`;
  return `auto: of CT ${WORDS.ct}; of the rest ${WORDS.percentile}`;
}
