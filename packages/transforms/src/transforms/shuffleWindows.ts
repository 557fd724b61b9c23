import type { ExplicitShuffling, LocalShufflingFactors, SeededShuffling, Shape3 } from '../api.js';
import { TransformsError } from '../errors.js';
import { type Grid, voxels } from '../grid/grid.js';
import { mix32 } from '../random/mix32.js';
import { seedBlock, seedStream } from '../random/seed.js';
import { nextWord } from '../random/xoshiro.js';

const TWO_32 = 2 ** -32;

/** Windows as x, y, z, size x, size y, size z one after another. */
export type WindowList = ArrayLike<number>;

/**
 * The windows that seeded factors stand for, in the order of application.
 *
 * @param out - scratch to write to; a new array when it is too short
 */
export function drawWindows(factors: SeededShuffling, shape: Shape3, out?: Int32Array): Int32Array {
  const { count, maxSize } = factors;
  const windows = out !== undefined && out.length >= 6 * count ? out : new Int32Array(6 * count);
  const stream = seedStream(factors.seed);
  for (let w = 0; w < count; w++) {
    for (let axis = 0; axis < 3; axis++) {
      const size = 1 + Math.floor((nextWord(stream) >>> 0) * TWO_32 * maxSize[axis]);
      const places = shape[axis] - size + 1;
      windows[6 * w + axis] = Math.floor((nextWord(stream) >>> 0) * TWO_32 * places);
      windows[6 * w + axis + 3] = size;
    }
  }
  return windows;
}

export interface Shuffler {
  /**
   * Shuffles from `src` to `dst`, which share no memory and start equal.
   *
   * @param skip - voxels (C order) that need no value because they will be overwritten: 1 where so;
   * not changed
   */
  shuffle(src: Grid, dst: Grid, factors: LocalShufflingFactors, skip: Uint8Array | null): void;
}

/**
 * Since windows read the original and later ones overwrite earlier ones, only the last writer of a
 * voxel counts: windows are visited from the last to the first, and one whose voxels all have their
 * value already costs no permutation. Keeps its scratch memory for the next volume.
 */
export function createShuffler(): Shuffler {
  let done = new Uint8Array(0);
  let windowScratch: Int32Array = new Int32Array(0);
  let values = new Float32Array(0);

  function permuteSeeded(n: number, key: Int32Array, w: number): void {
    let s0 = mix32((key[0] + Math.imul(w, 0x9e3779b9)) | 0);
    let s1 = mix32((key[1] + Math.imul(w, 0x85ebca6b)) | 0);
    let s2 = mix32((key[2] + Math.imul(w, 0xc2b2ae35)) | 0);
    let s3 = mix32((key[3] + Math.imul(w, 0x27d4eb2f)) | 0) | 1;
    for (let j = 0; j < n - 1; j++) {
      const sum = (s0 + s3) | 0;
      const word = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
      const t = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = (s3 << 11) | (s3 >>> 21);
      const k = j + ((word * (n - j) * TWO_32) | 0);
      const v = values[k];
      values[k] = values[j];
      values[j] = v;
    }
  }

  function shuffle(
    src: Grid,
    dst: Grid,
    factors: LocalShufflingFactors,
    skip: Uint8Array | null,
  ): void {
    const explicit = 'windows' in factors ? factors : null;
    const seeded = 'windows' in factors ? null : factors;
    const count = explicit ? explicit.windows.length / 6 : (seeded as SeededShuffling).count;
    if (count === 0) return;
    const size = voxels(src.shape);
    if (done.length < size) done = new Uint8Array(size);
    if (skip === null) done.fill(0, 0, size);
    else done.set(skip);

    let windows: WindowList;
    let key: Int32Array = new Int32Array(4);
    let end = 0;
    if (explicit) {
      end = checkExplicit(explicit, src.shape);
      windows = explicit.windows;
    } else {
      const given = seeded as SeededShuffling;
      checkMaxSize(given.maxSize, src.shape);
      windowScratch = drawWindows(given, src.shape, windowScratch);
      windows = windowScratch;
      key = seedBlock(given.seed, 1);
    }

    const [, ny, nz] = src.shape;
    const [ax, ay, az] = src.stride;
    const [bx, by, bz] = dst.stride;
    for (let w = count - 1; w >= 0; w--) {
      const x = windows[6 * w];
      const y = windows[6 * w + 1];
      const z = windows[6 * w + 2];
      const sx = windows[6 * w + 3];
      const sy = windows[6 * w + 4];
      const sz = windows[6 * w + 5];
      const n = sx * sy * sz;
      end -= n;
      const corner = (x * ny + y) * nz + z;
      if (isDone(done, corner, sx, sy, sz, ny, nz)) continue;
      if (values.length < n) values = new Float32Array(2 * n);
      for (let c = 0; c < src.channels; c++) {
        const from = src.data;
        const start = src.offset + c * src.channelStride + x * ax + y * ay + z * az;
        let j = 0;
        if (explicit) {
          const { permutations } = explicit;
          for (; j < n; j++) {
            const p = permutations[end + j];
            const i = Math.floor(p / (sy * sz));
            const r = p - i * sy * sz;
            values[j] = from[start + i * ax + Math.floor(r / sz) * ay + (r % sz) * az];
          }
        } else {
          for (let i = 0; i < sx; i++) {
            for (let k = 0; k < sy; k++) {
              let at = start + i * ax + k * ay;
              for (let l = 0; l < sz; l++, at += az) values[j++] = from[at];
            }
          }
          permuteSeeded(n, key, w);
        }
        const to = dst.data;
        const first = dst.offset + c * dst.channelStride + x * bx + y * by + z * bz;
        const last = c === src.channels - 1;
        j = 0;
        for (let i = 0; i < sx; i++) {
          for (let k = 0; k < sy; k++) {
            let at = first + i * bx + k * by;
            let d = corner + (i * ny + k) * nz;
            for (let l = 0; l < sz; l++, at += bz, d++, j++) {
              if (done[d] === 0) {
                to[at] = values[j];
                if (last) done[d] = 1;
              }
            }
          }
        }
      }
    }
  }

  return { shuffle };
}

function isDone(
  done: Uint8Array,
  corner: number,
  sx: number,
  sy: number,
  sz: number,
  ny: number,
  nz: number,
): boolean {
  for (let i = 0; i < sx; i++) {
    for (let k = 0; k < sy; k++) {
      const row = corner + (i * ny + k) * nz;
      for (let l = 0; l < sz; l++) if (done[row + l] === 0) return false;
    }
  }
  return true;
}

function checkMaxSize(maxSize: Shape3, shape: Shape3): void {
  for (let axis = 0; axis < 3; axis++) {
    if (!(maxSize[axis] >= 1 && maxSize[axis] <= shape[axis])) {
      throw new TransformsError(
        'factors',
        `localShuffling: windows of up to ${maxSize.join('×')} voxels in a volume of ${shape.join('×')}.`,
        { maxSize, shape },
      );
    }
  }
}

/** Returns the number of entries of all permutations. */
function checkExplicit({ windows, permutations }: ExplicitShuffling, shape: Shape3): number {
  let total = 0;
  for (let w = 0; w < windows.length; w += 6) {
    for (let axis = 0; axis < 3; axis++) {
      const start = windows[w + axis];
      const size = windows[w + axis + 3];
      if (!(start >= 0 && size >= 1 && start + size <= shape[axis])) {
        throw new TransformsError(
          'factors',
          `localShuffling: window ${w / 6} covers ${start}…${start + size - 1} of axis ${axis}, which has ${shape[axis]} voxels.`,
          { window: w / 6, axis },
        );
      }
    }
    const n = windows[w + 3] * windows[w + 4] * windows[w + 5];
    for (let j = 0; j < n; j++) {
      const p = permutations[total + j];
      if (!(p >= 0 && p < n)) {
        throw new TransformsError(
          'factors',
          `localShuffling: the permutation of window ${w / 6} has the entry ${p}; it has ${n} voxels.`,
          { window: w / 6 },
        );
      }
    }
    total += n;
  }
  return total;
}
