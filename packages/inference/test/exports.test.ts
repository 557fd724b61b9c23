import * as inference from '@genesis/inference';
import * as node from '@genesis/inference/node';
import test from 'ava';

test('the public names are these', (t) => {
  t.snapshot(Object.keys(inference).sort());
});

test('and for Node these too', (t) => {
  t.snapshot(Object.keys(node).sort());
});
