import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRng } from '@genesis/transforms';
import { createVolume, writeVolume } from '@genesis/volume-io';

export interface MakeCohortOpts {
  readonly patients: number;
  readonly seed: number;
}

/** What a cohort lies in. */
export interface Cohort {
  /** Folder of volumes, patient0.nii.gz, … */
  readonly images: string;
  /** CSV with the columns name and age. */
  readonly ages: string;
}

const SIDE = 16;

/**
 * Writes a made-up cohort: a ventricle, dark in bright tissue, that grows with the years; 16×16×16 voxels of 1 mm with
 * noise. Ages run from 20 to 90. The same seed gives the same files.
 *
 * @param folder - Receives `images/` and `ages.csv`; made where it is not there.
 */
export async function makeCohort(folder: string, opts: MakeCohortOpts): Promise<Cohort> {
  const cohort = { images: join(folder, 'images'), ages: join(folder, 'ages.csv') };
  await mkdir(cohort.images, { recursive: true });
  const rows = ['name,age'];
  for (let n = 0; n < opts.patients; n++) {
    const age = 20 + 10 * (n % 8);
    const name = `patient${n}`;
    await writeVolume(join(cohort.images, `${name}.nii.gz`), head(age, opts.seed + n));
    rows.push(`${name},${age}`);
  }
  await writeFile(cohort.ages, `${rows.join('\n')}\n`);
  return cohort;
}

/** @param age - Years. */
function head(age: number, seed: number): ReturnType<typeof createVolume> {
  const random = createRng(seed);
  const radius = 2 + (age - 20) * 0.07;
  const voxels = new Float32Array(SIDE ** 3);
  for (let n = 0; n < voxels.length; n++) {
    const [i, j, k] = [n % SIDE, Math.floor(n / SIDE) % SIDE, Math.floor(n / SIDE ** 2)];
    const distance = Math.hypot(i - SIDE / 2, j - SIDE / 2, k - SIDE / 2);
    voxels[n] = (distance <= radius ? 200 : 800) + 60 * random.uniform();
  }
  return createVolume(voxels, { shape: [SIDE, SIDE, SIDE] });
}
