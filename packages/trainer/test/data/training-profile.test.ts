import type { TrainingProfile } from '@genesis/inference';
import type { VolumeHeader } from '@genesis/volume-io';
import test from 'ava';
import type { DatasetItem } from '#src/data/dataset.js';
import { mixtures, profileOf, strangers } from '#src/data/training-profile.js';

function item(name: string, spacing: [number, number, number], modality?: string): DatasetItem {
  const [x, y, z] = spacing;
  const header: Partial<VolumeHeader> = {
    shape: [4, 4, 4],
    spacing,
    affine: Float64Array.from([0, 0, z, 0, x, 0, 0, 0, 0, y, 0, 0, 0, 0, 0, 1]),
    modality,
  };
  return {
    name,
    key: name,
    group: name,
    path: name,
    header: header as VolumeHeader,
    open: () => {
      throw new Error('not opened');
    },
  };
}

const RAS = { orientation: 'RAS' };
const profile: TrainingProfile = profileOf(
  [item('a', [1, 2, 3], 'MR'), item('b', [1, 2, 4]), item('c', [1, 2, 3], 'MR')],
  RAS,
);

test('voxel sizes are remembered along the axes that the network sees, modalities where files state them', (t) => {
  t.deepEqual(profile, {
    least: [3, 1, 2],
    median: [3, 1, 2],
    most: [4, 1, 2],
    modalities: ['MR'],
  });
  t.deepEqual(mixtures(profile, {}), []);
});

test('a mixture of modalities or voxel sizes is told, the latter unless all are resampled', (t) => {
  const mixed = profileOf([item('a', [1, 1, 1], 'MR'), item('b', [1, 1, 5], 'CT')], RAS);
  const [modalities, spacings, ...more] = mixtures(mixed, {});
  t.regex(modalities, /several modalities \(CT, MR\)/);
  t.regex(spacings, /voxel sizes differ much \(1…5 × 1 × 1 mm\).*--spacing \d,1,1/);
  t.deepEqual(more, []);
  t.is(mixtures(mixed, { spacing: [1, 1, 1] }).length, 1);
});

test('volumes unlike those of training are told', (t) => {
  t.deepEqual(strangers([item('d', [1.1, 2, 5])], profile, RAS), []);
  t.deepEqual(strangers([item('d', [1, 2, 3], 'CT')], profile, RAS), [
    'd is of another modality than in training (CT, not MR)',
  ]);
  const [text] = strangers([item('e', [1, 2, 3]), item('f', [1, 2, 8])], profile, RAS);
  t.is(text, 'f is of other voxels than in training (8×1×2 mm, not 3…4 × 1 × 2)');
});
