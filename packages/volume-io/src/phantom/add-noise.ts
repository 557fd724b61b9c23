import type { PhantomGrid } from './grid.js';
import type { PhantomRandom } from './random.js';

/** Four bytes added up: nearly normal. Their standard deviation. */
const FOUR_BYTES = Math.sqrt((4 * (256 * 256 - 1)) / 12);
/** What the 1-2-1 smoothing along x and along y leaves of it. */
const SMOOTHED = 6 / 16;

/** Noise of a soft reconstruction kernel: correlated within a slice, independent between slices; weaker in air. */
export function addNoise(grid: PhantomGrid, deviation: number, random: PhantomRandom): void {
  if (deviation === 0) return;
  const [nx, ny, nz] = grid.shape;
  const wide = nx + 2;
  const white = new Float32Array(wide * (ny + 2));
  const rows = new Float32Array(nx * (ny + 2));
  const gain = deviation / (FOUR_BYTES * SMOOTHED * 16);
  for (let k = 0; k < nz; k++) {
    for (let n = 0; n < white.length; n++) {
      const w = random.word();
      white[n] = (w & 255) + ((w >>> 8) & 255) + ((w >>> 16) & 255) + (w >>> 24) - 510;
    }
    for (let j = 0; j < ny + 2; j++) {
      for (let i = 0; i < nx; i++) {
        const n = j * wide + i;
        rows[j * nx + i] = white[n] + 2 * white[n + 1] + white[n + 2];
      }
    }
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const n = j * nx + i;
        const v = (rows[n] + 2 * rows[n + nx] + rows[n + 2 * nx]) * gain;
        const at = n + nx * ny * k;
        grid.hu[at] = grid.hu[at] + (grid.hu[at] < -700 ? 0.7 * v : v);
      }
    }
  }
}
