import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@genesis/core/node';
import { tempFolder } from '@genesis/testing';
import test from 'ava';

test('a folder is made with those above it, and the topmost new one is named', async (t) => {
  const folder = await tempFolder(t);
  t.is(await makeFolder(join(folder, 'a', 'b', 'c')), join(folder, 'a'));
  t.is(await makeFolder(join(folder, 'a', 'b', 'd')), join(folder, 'a', 'b', 'd'));
  t.is(await makeFolder(join(folder, 'a')), undefined);
  t.true((await stat(join(folder, 'a', 'b', 'c'))).isDirectory());
});

test('many at once make the same folder', async (t) => {
  for (let round = 0; round < 5; round++) {
    const path = join(await tempFolder(t), 'a', 'b', 'c');
    await t.notThrowsAsync(Promise.all(Array.from({ length: 8 }, () => makeFolder(path))));
  }
});

test('where no folder can be made the system says why', async (t) => {
  const folder = await tempFolder(t);
  await writeFile(join(folder, 'file'), '');
  await t.throwsAsync(makeFolder(join(folder, 'file')), { code: 'EEXIST' });
  await t.throwsAsync(makeFolder(join(folder, 'file', 'a')), { code: 'ENOTDIR' });
  const isLinux = process.platform === 'linux';
  if (isLinux) await t.throwsAsync(makeFolder('/proc/none/a'), { code: 'ENOENT' });
});
