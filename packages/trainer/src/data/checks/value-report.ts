import { createHash } from 'node:crypto';
import { toCOrder } from '@genesis/core';
import { detectScheme } from '@genesis/inference';
import type { Volume } from '@genesis/volume-io';
import { ValueRange } from '../value-range.js';
import type { ValueReport } from './api.js';

/** Voxels that percentiles are taken of. */
const SAMPLED = 100_000;

/** The intensities of a volume. */
export function valueReport(volume: Volume<Float32Array>): ValueReport {
  const values = toCOrder(volume.data);
  const range = new ValueRange();
  range.add(values);
  const { min, max, sum, nonFinite } = range;
  const step = Math.max(1, Math.floor(values.length / SAMPLED));
  const sample = Float32Array.from(
    { length: Math.ceil(values.length / step) },
    (_, n) => values[n * step],
  )
    .filter((value) => Number.isFinite(value))
    .sort();
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return {
    min,
    max,
    mean: sum / Math.max(1, values.length - nonFinite),
    median: sample[sample.length >> 1] ?? Number.NaN,
    high: sample[Math.floor(0.995 * (sample.length - 1))] ?? Number.NaN,
    nonFinite,
    hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    scheme: detectScheme(volume),
  };
}
