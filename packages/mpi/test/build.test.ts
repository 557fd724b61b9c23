import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '@genesis/testing';
import test from 'ava';

const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
const entry = new URL('../../dist/index.js', import.meta.url).href;

test('without MPI the build says what to install; --optional succeeds all the same', async (t) => {
  const folder = await tempFolder(t);
  const env = { ...process.env, MPICXX: 'no-such-compiler' };
  const out = ['--out', `${folder}/mpi.node`];
  const strict = spawnSync(process.execPath, [script, ...out], { env, encoding: 'utf8' });
  t.is(strict.status, 1);
  t.regex(strict.stderr, /tried no-such-compiler\): install Open MPI or MPICH/);
  const optional = spawnSync(process.execPath, [script, '--optional', ...out], { env });
  t.is(optional.status, 0);
});

test('an addon that is not there, or cannot be loaded, is told as the reason', async (t) => {
  const folder = await tempFolder(t);
  const ask = (addon: string): { usable: boolean; reason: string } => {
    const code = `const { mpiStatus } = await import('${entry}'); console.log(JSON.stringify(mpiStatus()));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, GENESIS_MPI_ADDON: addon },
      encoding: 'utf8',
    });
    return JSON.parse(stdout);
  };
  const missing = ask(`${folder}/none.node`);
  t.false(missing.usable);
  t.regex(missing.reason, /^MPI cannot be used: /);
  await writeFile(`${folder}/broken.node`, 'no addon');
  const broken = ask(`${folder}/broken.node`);
  t.false(broken.usable);
  t.regex(broken.reason, /cannot be loaded/);
});
