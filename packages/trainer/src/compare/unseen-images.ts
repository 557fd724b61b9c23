import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { findDataset } from '../data/layouts/find-dataset.js';
import { TrainerError } from '../errors.js';
import type { ComparedCase } from './draw-cases.js';

/**
 * The volumes of folders or datasets, without those that a task is tested on: labels are not needed to learn from a test case. One is
 * known by its place, links followed, and a copy by its name and size.
 *
 * @returns The paths of each volume's channels.
 * @throws TrainerError 'no-data' when nothing is left, and what findDataset throws.
 */
export async function unseenImages(
  images: string | readonly string[],
  tested: readonly ComparedCase[],
): Promise<readonly (readonly string[])[]> {
  const held = new Set((await Promise.all(tested.flatMap((one) => one.images.map(marks)))).flat());
  const kept: (readonly string[])[] = [];
  for (const folder of [images].flat()) {
    for (const { image } of (await findDataset({ images: folder, imagesOnly: true })).cases) {
      const channels = image.channels?.map((one) => one?.path) ?? [image.path];
      const paths = channels.filter((path) => path !== undefined);
      const own = (await Promise.all(paths.map(marks))).flat();
      if (!own.some((mark) => held.has(mark))) kept.push(paths);
    }
  }
  if (kept.length > 0) return kept;
  throw new TrainerError(
    'no-data',
    `${[images].flat().join(', ')}: there are only volumes that are tested on, so there is nothing to pre-train with`,
  );
}

/** What a volume is known by. */
async function marks(path: string): Promise<string[]> {
  const place = await realpath(path);
  const status = await stat(place);
  return status.isFile() ? [place, `${basename(path)} of ${status.size} bytes`] : [place];
}
