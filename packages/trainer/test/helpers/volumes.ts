import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRng } from '@genesis/transforms';
import {
  chestPhantom,
  createVolume,
  type Vec3,
  type Volume,
  writeVolume,
} from '@genesis/volume-io';
import ndarray from 'ndarray';

/** Writes small chest phantoms `p0.nii.gz`, `p1.nii.gz`, … into `folder`. */
export async function writePhantoms(folder: string, count: number, shape: Vec3): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let seed = 0; seed < count; seed++) {
    const { image } = chestPhantom({ seed, shape });
    await writeVolume(join(folder, `p${seed}.nii.gz`), image);
  }
}

export interface BallOpts {
  readonly shape: Vec3;
  readonly center: readonly number[];
  readonly radius: number;
  /** Of the noise; the image is 0.2 outside, 0.8 inside the ball, times 1000. */
  readonly seed: number;
}

/** An image with a bright ball (a brighter core of 0.7 times its radius) and its labels: 1 shell, 2 core. */
export function ball(opts: BallOpts): { image: Volume; labels: Volume } {
  const { shape, center, radius } = opts;
  const size = shape[0] * shape[1] * shape[2];
  const image = new Float32Array(size);
  const labels = new Uint8Array(size);
  let state = opts.seed + 1;
  let n = 0;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, n++) {
        const distance = Math.hypot(i - center[0], j - center[1], k - center[2]);
        labels[n] = distance <= 0.7 * radius ? 2 : distance <= radius ? 1 : 0;
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        image[n] = [200, 500, 800][labels[n]] + (state / 2 ** 32) * 60;
      }
    }
  }
  const affine = [-1, 0, 0, 40, 0, 1.2, 0, -30, 0, 0, 2, 10, 0, 0, 0, 1];
  const stride = [1, shape[0], shape[0] * shape[1]];
  return {
    image: createVolume(ndarray(image, shape, stride), { affine }),
    labels: createVolume(ndarray(labels, shape, stride), { affine }),
  };
}

/** Writes `count` balls as images/ and labels/ under `folder`; no two are alike. */
export async function writeBalls(folder: string, count: number, shape: Vec3): Promise<void> {
  await mkdir(join(folder, 'images'), { recursive: true });
  await mkdir(join(folder, 'labels'), { recursive: true });
  for (let seed = 0; seed < count; seed++) {
    const center = shape.map((side, axis) => side / 2 + (((seed * (axis + 3)) % 5) - 2));
    const { image, labels } = ball({ shape, center, radius: 5 + (seed % 3), seed });
    await writeVolume(join(folder, 'images', `case${seed}.nii.gz`), image);
    await writeVolume(join(folder, 'labels', `case${seed}.nii.gz`), labels);
  }
}

/** Writes a volume of the given values, i fastest. */
export async function writeValues(
  path: string,
  values: Float32Array | Uint8Array,
  shape: Vec3,
): Promise<void> {
  await writeVolume(path, createVolume(values, { shape }));
}

/** Keeps the first `share` of a file. */
export async function truncate(path: string, share: number): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * share)));
}

/** Volumes that are brighter to the right, and more and more so to the front: no turn leaves them as they are. */
export async function writeRamps(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < count; n++) {
    const noise = new Float32Array(24 ** 3);
    createRng(n).fillUniform(noise);
    const values = noise.map((value, v) => {
      const [x, y, z] = [v % 24, Math.floor(v / 24) % 24, Math.floor(v / 576)];
      return 100 * x + 6 * y * y + 30 * (z % 3) + 20 * value;
    });
    await writeValues(join(folder, `ramp${n}.nii`), values, [24, 24, 24]);
  }
}
