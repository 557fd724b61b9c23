import type { Shape3 } from '../api.js';
import { permute } from './permute.js';

/** What one shuffling works on; see `Workspace.shuffle`. */
export interface ShuffleJob {
  from: Float32Array;
  to: Float32Array;
  shape: Shape3;
  channels: number;
  windows: ArrayLike<number>;
  count: number;
  /** Changed: 1 where a voxel needs no value, in the end everywhere that a window covers. */
  done: Uint8Array;
  /** Room for the largest window and one voxel more. */
  scratch: ShuffleScratch;
}

/** Scratch for one window. */
export interface ShuffleScratch {
  values: Float32Array;
  /** Which voxels of the window still need a value. */
  positions: Int32Array;
  /** Where those are in the volume. */
  places: Int32Array;
}

export const shuffleScratch = (size: number): ShuffleScratch => ({
  values: new Float32Array(size + 1),
  positions: new Int32Array(size + 1),
  places: new Int32Array(size + 1),
});

/**
 * Since windows read the original and later ones overwrite earlier ones, only the last writer of a
 * voxel counts: windows are visited from the last to the first, and one whose voxels all have their
 * value already costs no permutation.
 */
export function shuffle(job: ShuffleJob, key: Int32Array): void {
  const { from, to, windows, channels } = job;
  const { values, positions, places } = job.scratch;
  const [nx, ny, nz] = job.shape;
  const size = nx * ny * nz;
  for (let w = job.count - 1; w >= 0; w--) {
    const open = claim(job, w);
    if (open === 0) continue;
    const sx = windows[6 * w + 3];
    const sy = windows[6 * w + 4];
    const sz = windows[6 * w + 5];
    const corner = (windows[6 * w] * ny + windows[6 * w + 1]) * nz + windows[6 * w + 2];
    for (let c = 0; c < channels; c++) {
      let n = 0;
      for (let x = 0; x < sx; x++) {
        for (let y = 0; y < sy; y++) {
          const row = c * size + corner + (x * ny + y) * nz;
          for (let at = row; at < row + sz; at++) values[n++] = from[at];
        }
      }
      permute(values, n, positions[open - 1] + 1, key, w);
      for (let i = 0; i < open; i++) to[c * size + places[i]] = values[positions[i]];
    }
  }
}

/**
 * Lists the voxels of window w that have no value yet and marks them. Returns their number.
 *
 * No branch depends on `done`: late in the list it is close to random.
 */
export function claim({ shape, windows, done, scratch }: ShuffleJob, w: number): number {
  const { positions, places } = scratch;
  const [, ny, nz] = shape;
  const sx = windows[6 * w + 3];
  const sy = windows[6 * w + 4];
  const sz = windows[6 * w + 5];
  const corner = (windows[6 * w] * ny + windows[6 * w + 1]) * nz + windows[6 * w + 2];
  let open = 0;
  let j = 0;
  for (let x = 0; x < sx; x++) {
    for (let y = 0; y < sy; y++) {
      const row = corner + (x * ny + y) * nz;
      for (let at = row; at < row + sz; at++) {
        places[open] = at;
        positions[open] = j++;
        open += 1 - done[at];
        done[at] = 1;
      }
    }
  }
  return open;
}
