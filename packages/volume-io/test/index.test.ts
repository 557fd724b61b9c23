import * as volumeIo from '@genesis/volume-io';
import * as crops from '@genesis/volume-io/crops';
import * as phantom from '@genesis/volume-io/phantom';
import test from 'ava';

test('the public names', (t) => {
  t.snapshot(Object.keys(volumeIo).sort());
});

test('the entries for parts give names of the main one', (t) => {
  t.snapshot(Object.keys(crops).sort());
  t.snapshot(Object.keys(phantom).sort());
  t.like(volumeIo, { ...crops, ...phantom });
});
