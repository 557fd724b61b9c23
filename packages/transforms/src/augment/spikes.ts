import type { Shape3 } from '../api.js';
import { TransformsError } from '../errors.js';
import type { Augmentation, ChannelFactors, IntensityOpts, Range } from './api.js';
import { centered, halfSpectrum, spectrumAt } from './fourier.js';
import type { Layer } from './layer.js';
import { definePerChannel, same } from './per-channel.js';
import { checkSpan, drawInteger, drawRange } from './range.js';
import type { Stage } from './stage.js';

/** Options of `spikes`. */
export interface SpikesOpts extends IntensityOpts {
  /** Number of spikes. @defaultValue 1 */
  spikes?: Range;
  /** Strength of a spike as a multiple of the spectrum's largest magnitude. @defaultValue [1, 3] */
  intensity?: Range;
}

/** Spikes of one channel. */
export interface SpikesFactors {
  /** Where they are in the spectrum, frequency 0 in the middle: 0…1 along x, y, z, 1 not included. */
  places: readonly Shape3[];
  intensity: number;
}

/** Adds Re(strength · e^(2πi k·r)) / voxels, the wave that a spike at frequency k is. */
function addWave(stage: Stage, layer: Layer, frequency: readonly number[], strength: number): void {
  const [nx, ny, nz] = stage.shape;
  const angle = (k: number, r: number, n: number): number => (2 * Math.PI * ((k * r) % n)) / n;
  const wave = (axis: number, n: number): [number, number][] =>
    Array.from({ length: n }, (_, r) => {
      const phase = angle(frequency[axis], r, n);
      return [Math.cos(phase), Math.sin(phase)];
    });
  const ys = wave(1, ny);
  const rows = new Float64Array(2 * nx * ny);
  let i = 0;
  for (const [cosX, sinX] of wave(0, nx)) {
    for (const [cosY, sinY] of ys) {
      rows[i++] = (strength / stage.size) * (cosX * cosY - sinX * sinY);
      rows[i++] = (strength / stage.size) * (sinX * cosY + cosX * sinY);
    }
  }
  const line = new Float64Array(2 * nz);
  for (let z = 0; z < nz; z++) {
    line[z] = Math.cos(angle(frequency[2], z, nz));
    line[nz + z] = Math.sin(angle(frequency[2], z, nz));
  }
  stage.scratch(() => {
    const row = stage.put(rows);
    const at = stage.put(line, 4);
    void stage.kernels.heap.buffer;
    stage.kernels.run.addWave(layer.at, nx * ny, nz, row, at);
  });
}

/** How strong each spike is: a multiple of the largest magnitude there is when it is added. */
function strengths(
  stage: Stage,
  layer: Layer,
  frequencies: readonly (readonly number[])[],
  intensity: number,
): number[] {
  const { low, mean } = stage.stats(layer);
  // Of values that are not negative, frequency 0 is the largest.
  if (low >= 0 && frequencies.length === 1) return [mean * stage.size * intensity];
  return stage.scratch(() => {
    const spectrum = halfSpectrum(stage, layer);
    const { re, im, shape } = spectrum;
    let largest = Math.sqrt(stage.kernels.run.peak(re, im, shape[0] * shape[1] * shape[2]));
    const added = new Map<string, number>();
    return frequencies.map((frequency) => {
      const strength = largest * intensity;
      const key = frequency.join();
      const before = added.get(key) ?? 0;
      const [real, imaginary] = spectrumAt(stage, spectrum, frequency);
      largest = Math.max(largest, Math.hypot(real + before + strength, imaginary));
      added.set(key, before + strength);
      return strength;
    });
  });
}

function addSpikes(stage: Stage, layer: Layer, { places, intensity }: SpikesFactors): void {
  if (places.length === 0 || intensity === 0) return;
  if (places.some((place) => place.some((p) => !(p >= 0 && p < 1)))) {
    throw new TransformsError('factors', 'spikes: a place is not in 0…1.');
  }
  stage.settle(layer);
  const frequencies = places.map((place) =>
    place.map((p, axis) => centered(Math.floor(p * stage.shape[axis]), stage.shape[axis])),
  );
  const found = strengths(stage, layer, frequencies, intensity);
  for (const [i, frequency] of frequencies.entries()) addWave(stage, layer, frequency, found[i]);
  stage.touch(layer);
}

/** Waves across the image, from spikes in the spectrum (TorchIO's RandomSpike). */
export function spikes(
  options: SpikesOpts = {},
): Augmentation<ChannelFactors<SpikesFactors>, SpikesOpts> {
  const opts = { spikes: 1, intensity: [1, 3] as const, ...options };
  checkSpan(opts.spikes, 'spikes: spikes', 0);
  checkSpan(opts.intensity, 'spikes: intensity');
  return definePerChannel<SpikesFactors, SpikesFactors, SpikesOpts>({
    name: 'spikes',
    opts,
    draw: (rng) => ({
      places: Array.from(
        { length: drawInteger(rng, opts.spikes) },
        (): Shape3 => [rng.uniform(), rng.uniform(), rng.uniform()],
      ),
      intensity: drawRange(rng, opts.intensity),
    }),
    complete: same,
    run: addSpikes,
  });
}
