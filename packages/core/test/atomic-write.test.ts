import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { atomicWrite, isTemporary, temporaryPath } from '@genesis/core/node';
import test from 'ava';

test('a name as long as the file system allows is written, and nothing else is left', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'genesis-atomic-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const names = ['a', 'x'.repeat(255), 'ä'.repeat(127)];
  for (const name of names) {
    await atomicWrite(join(folder, name), name);
    await atomicWrite(join(folder, name), `${name} again`);
    t.is(await readFile(join(folder, name), 'utf8'), `${name} again`);
  }
  t.deepEqual((await readdir(folder)).sort(), names.sort());
  await t.throwsAsync(atomicWrite(join(folder, 'x'.repeat(256)), ''), { code: 'write-failed' });
  t.is((await readdir(folder)).length, names.length);
});

test('a temporary name lies beside the file, is hidden, and never the same', (t) => {
  const made = Array.from({ length: 100 }, () => temporaryPath('/some/folder/file.json'));
  t.is(new Set(made).size, 100);
  t.true(made.every((name) => /^\/some\/folder\/\.[^/]{8,60}$/.test(name)));
  t.true(made.every((path) => isTemporary(basename(path))));
  for (const name of ['.lock', 'a.tmp', '.a.tmp', basename(made[0]).slice(1)])
    t.false(isTemporary(name), name);
});
