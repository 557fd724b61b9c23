import { GenesisError, isGenesisError } from '@genesis/core';
import test from 'ava';

class FormatError extends GenesisError<'corrupt' | 'truncated'> {
  override readonly name = 'FormatError';
}

test('an error carries code, file and cause; without them it has no such fields', (t) => {
  const cause = new RangeError('deep');
  const error = new FormatError('corrupt', 'a.nii: it is broken', { file: 'a.nii', cause });
  t.is(error.code, 'corrupt');
  t.is(error.file, 'a.nii');
  t.is(error.cause, cause);
  t.is(error.name, 'FormatError');
  t.true(error instanceof GenesisError && error instanceof Error);
  const bare = new GenesisError('broken', 'it is broken');
  t.false('cause' in bare);
  t.false('file' in bare);
  t.is(bare.name, 'GenesisError');
});

test('the guard knows our errors, by their codes too, and nothing else', (t) => {
  const error: unknown = new FormatError('corrupt', 'it is broken');
  t.true(isGenesisError(error));
  t.true(isGenesisError(error, 'truncated', 'corrupt'));
  t.false(isGenesisError(error, 'truncated'));
  for (const other of [undefined, null, 'corrupt', new Error('x'), { code: 'corrupt' }]) {
    t.false(isGenesisError(other));
  }
});

test('the guard knows errors of another copy of this package', (t) => {
  const brand = Symbol.for('@genesis/core/error');
  class Foreign extends Error {
    readonly code = 'locked';
    readonly [brand] = true;
  }
  t.true(isGenesisError(new Foreign(), 'locked'));
});
