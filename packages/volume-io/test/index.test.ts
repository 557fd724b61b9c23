import * as volumeIo from '@genesis/volume-io';
import test from 'ava';

test('the public names', (t) => {
  t.snapshot(Object.keys(volumeIo).sort());
});
