import type { VolumeEntry } from '@genesis/volume-io';
import test from 'ava';
import { nameCases, withoutExtension } from '#src/data/case-names.js';
import { baseKey, isLabelKey } from '#src/data/label-names.js';
import { matchCases } from '#src/data/match-cases.js';

const named = (...keys: string[]) => keys.map((key) => ({ key, path: `/d/${key}` }));
const matched = (images: string[], labels: string[]) => {
  const { pairs, images: without, labels: idle } = matchCases(named(...images), named(...labels));
  return {
    pairs: pairs.map(({ image, label }) => [image.key, label.key]),
    without: without.map(({ key }) => key),
    idle: idle.map(({ key }) => key),
  };
};

test('labels are matched by name, endings left aside only when needed', (t) => {
  t.deepEqual(matched(['a_0000', 'b'], ['b', 'a', 'c']), {
    pairs: [
      ['a_0000', 'a'],
      ['b', 'b'],
    ],
    without: [],
    idle: ['c'],
  });
  t.deepEqual(matched(['brain1_image'], ['brain1_label']).pairs, [
    ['brain1_image', 'brain1_label'],
  ]);
  t.deepEqual(matched(['a', 'x', 'y'], ['a']).without, ['x', 'y']);
  t.throws(() => matched(['a'], ['a_seg', 'a_mask']), { message: /2 labels fit/ });
  t.throws(() => matched(['a_ct', 'a_0000'], ['a']), { message: /would all get the label/ });
  t.deepEqual(matched(['a', 'a_0000'], ['a']), {
    pairs: [['a', 'a']],
    without: ['a_0000'],
    idle: [],
  });
  t.is(baseKey('case7-label'), 'case7');
  t.is(baseKey('case7.ground_truth'), 'case7');
  t.is(baseKey('mask'), 'mask');
});

test('an ending is a whole word: no patient gets the label of another', (t) => {
  for (const key of ['Patient_10000', 'subject', 'x1mr', 'legs/mask']) t.is(baseKey(key), key);
  t.deepEqual(matched(['Patient_10000'], ['Patient_1_seg', 'Patient_10000_seg']), {
    pairs: [['Patient_10000', 'Patient_10000_seg']],
    without: [],
    idle: ['Patient_1_seg'],
  });
  t.deepEqual(matched(['Patient_10000'], ['Patient_1_seg']).pairs, []);
});

test('cases in folders of their own are matched by their path, a part of it only where it is unique', (t) => {
  t.deepEqual(matched(['s0/ct', 's1/ct'], ['s0/ct', 's1/ct']).pairs.length, 2);
  t.deepEqual(matched(['s0/ct', 's1/ct'], ['s1/organs', 's0/organs']).pairs, [
    ['s0/ct', 's0/organs'],
    ['s1/ct', 's1/organs'],
  ]);
  t.deepEqual(matched(['s0/ct', 's1/ct'], ['s1', 's0']).pairs, [
    ['s0/ct', 's0'],
    ['s1/ct', 's1'],
  ]);
  t.deepEqual(matched(['images/a', 'images/b'], ['labels/b', 'labels/a']).pairs.length, 2);
  t.deepEqual(matched(['P1/study/series', 'P2/study/series'], ['P2', 'P1']).pairs, [
    ['P1/study/series', 'P1'],
    ['P2/study/series', 'P2'],
  ]);
  // What is left over in a folder of many is nobody's.
  t.deepEqual(matched(['site/p1', 'site/p3'], ['site/p1', 'site/p9']), {
    pairs: [['site/p1', 'site/p1']],
    without: ['site/p3'],
    idle: ['site/p9'],
  });
});

test('cases are named by their path, made short where that is unique', (t) => {
  const entry = (path: string, series?: string, name = 'Chest') =>
    ({ path, series, name, format: 'nifti1' }) as VolumeEntry;
  const names = (...entries: VolumeEntry[]) => nameCases('/data', entries).map(({ name }) => name);
  t.deepEqual(names(entry('/data/a.nii.gz'), entry('/data/x/b.mha')), ['a', 'b']);
  t.deepEqual(names(entry('/data/s0/ct.nii.gz'), entry('/data/s1/ct.nii.gz')), ['s0/ct', 's1/ct']);
  t.deepEqual(names(entry('/data/p0', '1.2'), entry('/data/p1', '1.3')), ['p0', 'p1']);
  t.deepEqual(
    names(
      entry('/data/p0', '1.2', 'CT 1/2'),
      entry('/data/p0', '1.3', 'PET'),
      entry('/data/p0', '1.4', 'PET'),
    ),
    ['p0/CT_1_2', 'p0/PET', 'p0/PET_2'],
  );
  t.deepEqual(names(entry('/data', '1.2')), ['data']);
  // A series that is one file, or an archive, is called as a file is.
  t.deepEqual(names(entry('/data/p0.dcm', '1.2'), entry('/data/p1.zip', '1.3')), ['p0', 'p1']);
  // Two files of one name in different formats.
  t.deepEqual(names(entry('/data/a.nii'), entry('/data/a.nrrd')), ['a', 'a_2']);
  t.deepEqual(nameCases('/data/a.nii', [entry('/data/a.nii')])[0].name, 'a');
  // Composed and decomposed letters are the same name.
  t.is(names(entry('/data/Mu\u0308ller.nii'))[0], 'M\u00fcller');
  t.is(withoutExtension('scans\\case7.nii.gz'), 'scans/case7');
});

test('label maps are told from images by whole words', (t) => {
  for (const key of [
    'a_seg',
    'labels/a',
    'labelsTr/a',
    'x/segmentation',
    'a-ground_truth',
    'mask',
  ]) {
    t.true(isLabelKey(key), key);
  }
  for (const key of ['a', 'images/a', 'unmasked', 'segment3', 'labeled/a'])
    t.false(isLabelKey(key), key);
});
