import { join } from 'node:path';
import { makeFolder, writeFailure } from '@genesis/core/node';
import { chestPhantom, type ReadonlyVec3 } from '@genesis/volume-io';
import { writeOutput } from '../data/write-output.js';
import { TrainerError } from '../errors.js';

export interface PhantomOpts {
  /** Folder; images go to `out`, or to `out/images` beside `out/labels` when labels are wanted. */
  readonly out: string;
  /** Number of patients. Default 8. */
  readonly count?: number;
  /** Patients are seed, seed + 1, …. Default 0. */
  readonly seed?: number;
  /** Voxels. Default [128, 128, 96]. */
  readonly shape?: ReadonlyVec3;
  /** Write the label maps too. Default false. */
  readonly labels?: boolean;
  readonly onVolume?: (path: string, done: number, total: number) => void;
}

/**
 * Writes procedural chest CTs (Hounsfield units, .nii.gz), for trying things out without patient data. The same seed
 * gives the same files.
 *
 * @returns The paths of the images.
 */
export async function phantom(opts: PhantomOpts): Promise<string[]> {
  const { out, count = 8, seed = 0, shape, labels = false } = opts;
  if (!Number.isInteger(count) || count < 1) {
    throw new TrainerError(
      'bad-argument',
      `the number of phantoms must be at least 1, not ${count}`,
    );
  }
  const images = labels ? join(out, 'images') : out;
  try {
    await makeFolder(images);
    if (labels) await makeFolder(join(out, 'labels'));
  } catch (cause) {
    throw writeFailure(out, cause);
  }
  const paths: string[] = [];
  for (let n = 0; n < count; n++) {
    const name = `phantom_${String(seed + n).padStart(4, '0')}.nii.gz`;
    const patient = chestPhantom({ seed: seed + n, shape });
    const path = join(images, name);
    await writeOutput(path, patient.image);
    if (labels) await writeOutput(join(out, 'labels', name), patient.labels);
    paths.push(path);
    opts.onVolume?.(path, n + 1, count);
  }
  return paths;
}
