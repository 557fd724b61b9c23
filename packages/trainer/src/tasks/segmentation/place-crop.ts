import { centerStart } from '@genesis/inference';
import type { Rng } from '@genesis/transforms';
import type { NdArray } from 'ndarray';

/** Voxels remembered for each class: enough to place crops anywhere in it. */
const REMEMBERED = 4096;

/** Some voxels of each class of a volume, to centre crops on. */
export interface ClassVoxels {
  /** By class; linear indices in C order, empty for the background and for absent classes. */
  readonly byClass: readonly Uint32Array[];
}

/** Finds up to 4096 evenly spread voxels of each class but the first. */
export function findClassVoxels(classes: NdArray<Uint8Array>, count: number): ClassVoxels {
  const { data } = classes;
  const totals = new Uint32Array(count);
  for (let n = 0; n < data.length; n++) if (data[n] < count) totals[data[n]]++;
  const every = totals.map((total) => Math.max(1, Math.ceil(total / REMEMBERED)));
  const found: number[][] = Array.from({ length: count }, () => []);
  const seen = new Uint32Array(count);
  for (let n = 0; n < data.length; n++) {
    const value = data[n];
    if (value === 0 || value >= count) continue;
    if (seen[value]++ % every[value] === 0) found[value].push(n);
  }
  return { byClass: found.map((indices) => Uint32Array.from(indices)) };
}

/**
 * Where a training crop starts. With probability `foreground` it is centred on a random voxel of a random class that
 * the volume has; else it is anywhere. Along axes where the volume is shorter than the crop, the start is negative and
 * the volume is in the middle.
 */
export function placeCrop(
  shape: readonly number[],
  size: readonly number[],
  voxels: ClassVoxels,
  foreground: number,
  rng: Rng,
): [number, number, number] {
  const present = voxels.byClass.filter((indices) => indices.length > 0);
  const isCentered = rng.uniform() < foreground && present.length > 0;
  const indices = isCentered ? present[rng.int(0, present.length - 1)] : undefined;
  const voxel = indices?.[rng.int(0, indices.length - 1)] ?? 0;
  const position = [
    Math.floor(voxel / (shape[1] * shape[2])),
    Math.floor(voxel / shape[2]) % shape[1],
    voxel % shape[2],
  ];
  const place = (axis: 0 | 1 | 2): number => {
    const room = shape[axis] - size[axis];
    if (room <= 0) return centerStart(shape, size)[axis];
    const any = rng.int(0, room);
    if (!isCentered) return any;
    return Math.min(room, Math.max(0, position[axis] - Math.floor(size[axis] / 2)));
  };
  return [place(0), place(1), place(2)];
}
