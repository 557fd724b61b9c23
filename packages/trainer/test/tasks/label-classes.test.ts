import { createVolume } from '@genesis/volume-io';
import test from 'ava';
import { toClasses } from '#src/tasks/segmentation/label-classes.js';

test('positions of classes fit 8 bits, or there are none', (t) => {
  const values = Array.from({ length: 256 }, (_, n) => 2 * n);
  const volume = createVolume(Int16Array.from(values), { shape: [16, 16, 1] });
  t.throws(() => toClasses(volume, values, 'x.nii'), {
    code: 'bad-data',
    message: 'x.nii cannot be compared with a model of 256 classes: 255 are the most',
  });
  const fewer = createVolume(Int16Array.from(values.slice(0, 255)), { shape: [255, 1, 1] });
  t.is(toClasses(fewer, values.slice(0, 255), 'x.nii').get(254, 0, 0), 254);
});
