import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);

const { findClangFormat } = (await import(new URL('scripts/lib/clang-format.mjs', root).href)) as {
  findClangFormat: () => string | undefined;
};

const maybe = findClangFormat() === undefined ? test.skip : test;

maybe('C++ is laid out as clang-format does', async (t) => {
  const { stderr } = await run(process.execPath, ['scripts/format.mjs'], {
    cwd: fileURLToPath(root),
  });
  t.is(stderr, '');
});
