import type { NumberArray } from '@genesis/core';
import { VolumeIoError } from '../errors.js';
import { inOrder, orderedVoxels } from '../voxels/contiguous.js';
import type { Volume } from '../voxels/volume.js';
import { countedPercentiles, isSmallIntegers } from './counted-percentiles.js';
import { derive } from './derive.js';
import type { IntensityScheme, NormalizeOpts } from './intensity-scheme.js';
import { percentiles } from './percentiles.js';

/**
 * Maps the intensities of a volume by `scheme`; geometry stays. Gives new float32 voxels, i fastest. Computed in
 * float64 and rounded once. A volume whose range is empty (all voxels equal) becomes 0 everywhere.
 * Throws VolumeIoError 'bad-argument' when the limits are not in order, 'non-finite' as asked for.
 */
export function normalizeIntensity(
  volume: Volume,
  scheme: IntensityScheme,
  opts: NormalizeOpts = {},
): Volume<Float32Array> {
  const source = orderedVoxels(volume.data);
  const { shift, range, clip, what } = mapping(source, scheme);
  const out = new Float32Array(source.length);
  const nonFinite = opts.nonFinite ?? 'zero';
  let bad = 0;
  for (let n = 0; n < out.length; n++) {
    const v = source[n];
    // x − x is 0 for finite numbers only.
    if (v - v !== 0) {
      bad++;
      out[n] = replaced(v, clip, nonFinite);
      continue;
    }
    const t = range > 0 ? (v - shift) / range : 0;
    out[n] = clip ? Math.max(0, Math.min(1, t)) : t;
  }
  if (bad > 0 && nonFinite === 'error') {
    throw new VolumeIoError(
      'non-finite',
      `${bad === 1 ? '1 voxel is' : `${bad} voxels are`} NaN or infinite`,
    );
  }
  const notes = [`intensities normalised: ${what}`];
  if (bad > 0)
    notes.push(
      `${bad === 1 ? '1 voxel was' : `${bad} voxels were`} NaN or infinite (handled by '${nonFinite}')`,
    );
  return derive(volume, inOrder(out, volume.data.shape, 'F'), volume.affine, ...notes);
}

function replaced(v: number, clip: boolean, nonFinite: 'zero' | 'keep' | 'error'): number {
  if (clip && !Number.isNaN(v)) return v > 0 ? 1 : 0;
  return nonFinite === 'keep' ? v : 0;
}

interface Mapping {
  /** Result is (value − shift) / range. */
  shift: number;
  range: number;
  clip: boolean;
  what: string;
}

function mapping(source: NumberArray, scheme: IntensityScheme): Mapping {
  switch (scheme.kind) {
    case 'ct':
      return windowMapping(scheme.min ?? -1000, scheme.max ?? 1000, 'HU');
    case 'mr':
      return windowMapping(scheme.min ?? 0, scheme.max ?? 4000, 'intensity');
    case 'percentile': {
      const low = scheme.low ?? 0.5;
      const high = scheme.high ?? 99.5;
      if (!(low >= 0 && low < high && high <= 100)) {
        throw new VolumeIoError(
          'bad-argument',
          `percentiles must be 0 ≤ low < high ≤ 100, not ${low} and ${high}`,
        );
      }
      const [from, to] = limits(source, [low, high], scheme.over ?? 'all');
      const what = `percentiles ${low} and ${high} (${from} and ${to}) to 0 … 1`;
      return { shift: from, range: to - from, clip: true, what };
    }
    case 'zscore': {
      const { mean, deviation } = moments(finiteValues(source, scheme.over ?? 'all'));
      const what = `mean ${mean} to 0, standard deviation ${deviation} to 1`;
      return { shift: mean, range: deviation, clip: false, what };
    }
  }
}

function limits(source: NumberArray, wanted: readonly number[], over: 'all' | 'nonzero'): number[] {
  if (isSmallIntegers(source)) return countedPercentiles(source, wanted, over) ?? [0, 0];
  const values = finiteValues(source, over);
  return values.length > 0 ? percentiles(values, wanted) : [0, 0];
}

function windowMapping(min: number, max: number, unit: string): Mapping {
  if (!(min < max && max - min < Number.POSITIVE_INFINITY)) {
    throw new VolumeIoError('bad-argument', `min must be below max, not ${min} and ${max}`);
  }
  return { shift: min, range: max - min, clip: true, what: `${unit} ${min} … ${max} to 0 … 1` };
}

function finiteValues(source: NumberArray, over: 'all' | 'nonzero'): Float32Array | Float64Array {
  const exact =
    source instanceof Float64Array || source instanceof Int32Array || source instanceof Uint32Array;
  const values = exact ? new Float64Array(source.length) : new Float32Array(source.length);
  let count = 0;
  for (let n = 0; n < source.length; n++) {
    const v = source[n];
    if (v - v === 0 && (over === 'all' || v !== 0)) values[count++] = v;
  }
  return values.subarray(0, count);
}

function moments(values: Float32Array | Float64Array): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 0 };
  let sum = 0;
  for (const v of values) sum += v;
  const mean = sum / values.length;
  let squares = 0;
  for (const v of values) squares += (v - mean) * (v - mean);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
