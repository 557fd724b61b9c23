import * as unet3d from '@genesis/unet3d';
import test from 'ava';

test('the public names are these', (t) => {
  t.snapshot(Object.keys(unet3d).sort());
});
