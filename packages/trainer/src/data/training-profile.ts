import { type Preparation, preparedSpacing, type TrainingProfile } from '@genesis/inference';
import type { Vec3 } from '@genesis/volume-io';
import type { DatasetItem } from './dataset.js';
import { upperMedian } from './order-statistics.js';

/** Voxels that are so many times as long along an axis are of another kind. */
const FAR = 1.5;

type Turned = Pick<Preparation, 'orientation'>;

/** What a run remembers of its volumes, so that others can be told apart from them later. */
export function profileOf(items: readonly DatasetItem[], { orientation }: Turned): TrainingProfile {
  const spacings = items.map(({ header }) => preparedSpacing(header, { orientation }));
  const each = (of: (values: number[]) => number): Vec3 =>
    ([0, 1, 2] as const).map((axis) => of(spacings.map((one) => one[axis]))) as Vec3;
  return {
    least: each((values) => Math.min(...values)),
    median: each(upperMedian),
    most: each((values) => Math.max(...values)),
    modalities: [...new Set(items.flatMap(({ header }) => header.modality ?? []))].sort(),
  };
}

/** What is mixed among the volumes of a training, in words; nothing where they are alike. */
export function mixtures(
  { least, median, most, modalities }: TrainingProfile,
  { spacing }: Pick<Preparation, 'spacing'>,
): string[] {
  const texts: string[] = [];
  if (modalities.length > 1) {
    texts.push(
      `the volumes are of several modalities (${modalities.join(', ')}), whose intensities mean different things`,
    );
  }
  const isMixed = median.some(
    (usual, axis) => most[axis] > FAR * usual || least[axis] * FAR < usual,
  );
  if (isMixed && !spacing) {
    texts.push(
      `voxel sizes differ much (${rangeText(least, most)} mm), so that the network sees the same organ in different sizes; --spacing ${median.map(short).join()} brings all to the usual one`,
    );
  }
  return texts;
}

/** How volumes differ from those that a network was trained on, in words that name the first; nothing where they do not. */
export function strangers(
  items: readonly DatasetItem[],
  { least, most, modalities }: TrainingProfile,
  { orientation }: Turned,
): string[] {
  const texts: string[] = [];
  const others = items.filter(
    ({ header: { modality } }) =>
      modality !== undefined && modalities.length > 0 && !modalities.includes(modality),
  );
  if (others.length > 0) {
    texts.push(
      `${counted(others, items)} of another modality than in training (${others[0].header.modality}, not ${modalities.join(' or ')})`,
    );
  }
  const odd = items.filter(({ header }) =>
    preparedSpacing(header, { orientation }).some(
      (side, axis) => side > FAR * most[axis] || side * FAR < least[axis],
    ),
  );
  if (odd.length > 0) {
    const [x, y, z] = preparedSpacing(odd[0].header, { orientation });
    texts.push(
      `${counted(odd, items)} of other voxels than in training (${[x, y, z].map(short).join('×')} mm, not ${rangeText(least, most)})`,
    );
  }
  return texts;
}

function counted(some: readonly DatasetItem[], all: readonly DatasetItem[]): string {
  if (some.length === 1) return `${some[0].name} is`;
  return `${some.length} of ${all.length} volumes, ${some[0].name} the first of them, are`;
}

/** '0.7…0.9 × 0.7…0.9 × 1…5' */
function rangeText(least: readonly number[], most: readonly number[]): string {
  return least
    .map((low, axis) =>
      short(low) === short(most[axis]) ? short(low) : `${short(low)}…${short(most[axis])}`,
    )
    .join(' × ');
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
