import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the package as it is published, below this one so that its dependencies are found. */
function packageCopy(): string {
  const folder = mkdtempSync(join(root, 'build', 'install-'));
  for (const name of ['package.json', 'dist', 'scripts', 'native']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  return folder;
}

async function status(folder: string): Promise<{ available: boolean; reason?: string }> {
  const url = pathToFileURL(join(folder, 'dist', 'index.js')).href;
  const source = `const n = await import(${JSON.stringify(url)});
    let error; try { n.registerNativeBackend(); } catch (e) { error = { name: e.name, code: e.code }; }
    console.log(JSON.stringify({ ...n.nativeStatus(), error }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source]);
  return JSON.parse(stdout);
}

test('without a compiler the installation succeeds and the reason is reported', async (t) => {
  const folder = packageCopy();
  try {
    const { stderr } = await run(process.execPath, [join(folder, 'scripts', 'install.mjs')], {
      env: { ...process.env, CXX: 'no-such-compiler' },
    });
    t.regex(stderr, /was not built/);
    const result = await status(folder);
    t.false(result.available);
    t.regex(result.reason!, /No C\+\+ compiler was found \(tried no-such-compiler\)/);
    t.like(result, { error: { name: 'NativeUnavailableError', code: 'native-unavailable' } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a prebuilt addon is taken instead of a compiler, when it loads', async (t) => {
  const folder = packageCopy();
  try {
    const { prebuildPath } = (await import(
      pathToFileURL(join(folder, 'scripts', 'lib', 'sources.mjs')).href
    )) as { prebuildPath: () => string };
    const env = { ...process.env, CXX: 'no-such-compiler' };
    cpSync(join(root, 'package.json'), prebuildPath());
    await run(process.execPath, [join(folder, 'scripts', 'install.mjs')], { env });
    t.false((await status(folder)).available, 'a file that is no addon');
    cpSync(join(root, 'build', 'native', 'genesis.node'), prebuildPath());
    await run(process.execPath, [join(folder, 'scripts', 'install.mjs')], { env });
    t.like(await status(folder), { available: true, reason: undefined });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an addon that was never built is said to be so', async (t) => {
  const folder = packageCopy();
  try {
    const result = await status(folder);
    t.false(result.available);
    t.regex(result.reason!, /not built/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
