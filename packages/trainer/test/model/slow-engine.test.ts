import test from 'ava';
import { slowEngineLine } from '#src/model/slow-engine.js';

const native = { available: false, reason: 'it is not there. Run "npm x".', command: 'npm x' };

test('plain JavaScript is said to be slow, with the command that mends it', (t) => {
  t.is(
    slowEngineLine({ name: 'cpu' }, native),
    'plain JavaScript computes, which takes hundreds of times as long as the native engine; to have that, run "npm x"',
  );
  t.regex(slowEngineLine({ name: 'cpu' }, { ...native, command: undefined })!, /it is not there/);
});

test('nothing is said of other engines, nor where plain JavaScript was asked for', (t) => {
  t.is(slowEngineLine({ name: 'native' }, native), undefined);
  t.is(slowEngineLine({ name: 'tensorflow' }, native), undefined);
  t.is(slowEngineLine({ name: 'cpu' }, { ...native, available: true }), undefined);
});
