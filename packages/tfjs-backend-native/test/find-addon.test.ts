// Which addon is loaded from a package as it is installed, and what is said where there is none.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { tempFolder } from '@genesis/testing';
import test, { type ExecutionContext } from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const compiled = join(root, 'build', 'native', 'genesis.node');

/** A project with the package as it is published, below this one so that its dependencies are found. */
interface Project {
  readonly folder: string;
  readonly installed: string;
}

async function project(t: ExecutionContext): Promise<Project> {
  const folder = await tempFolder(t, join(root, 'build'));
  const installed = join(folder, 'node_modules', '@genesis', 'tfjs-backend-native');
  for (const name of ['package.json', 'bin', 'dist', 'scripts', 'native']) {
    cpSync(join(root, name), join(installed, name), { recursive: true });
  }
  return { folder, installed };
}

interface Status {
  available: boolean;
  reason?: string;
  command?: string;
  addon?: string;
  error?: { name: string; code: string };
}

async function status({ folder, installed }: Project, addon?: string): Promise<Status> {
  const url = pathToFileURL(join(installed, 'dist', 'index.js')).href;
  const source = `const n = await import(${JSON.stringify(url)});
    let error; try { n.registerNativeBackend(); } catch (e) { error = { name: e.name, code: e.code }; }
    console.log(JSON.stringify({ ...n.nativeStatus(), error }));`;
  const env = { ...process.env };
  delete env.GENESIS_NATIVE_ADDON;
  if (addon !== undefined) env.GENESIS_NATIVE_ADDON = addon;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: folder,
    env,
  });
  return JSON.parse(stdout) as Status;
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};

async function platform({ installed }: Project): Promise<string> {
  const url = pathToFileURL(join(installed, 'dist', 'platform.js')).href;
  const { platformName } = (await import(url)) as { platformName: () => string };
  return platformName();
}

/** Installs the platform's package beside the main one. `addon` is a path. */
async function addPlatformPackage(of: Project, addon: string, as = version): Promise<string> {
  const folder = `${of.installed}-${await platform(of)}`;
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: as }));
  cpSync(addon, join(folder, 'genesis.node'));
  return join(folder, 'genesis.node');
}

/** Makes the package name the platform's one, as a release does. */
async function publish({ installed }: Project, name: string): Promise<void> {
  const path = join(installed, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const optionalDependencies = { [`@genesis/tfjs-backend-native-${name}`]: version };
  writeFileSync(path, JSON.stringify({ ...manifest, optionalDependencies }));
}

test('the package of the platform is loaded', async (t) => {
  const own = await project(t);
  const addon = await addPlatformPackage(own, compiled);
  t.like(await status(own), { available: true, addon, reason: undefined, command: undefined });
});

test('what was compiled is loaded where the package of the platform is absent or does not load', async (t) => {
  const own = await project(t);
  const addon = join(own.installed, 'build', 'native', 'genesis.node');
  cpSync(compiled, addon);
  t.like(await status(own), { available: true, addon });
  await addPlatformPackage(own, join(root, 'package.json'));
  t.like(await status(own), { available: true, addon });
});

test('an addon that does not load is named, with the command that compiles another', async (t) => {
  const own = await project(t);
  const addon = await addPlatformPackage(own, join(root, 'package.json'));
  const found = await status(own);
  t.like(found, {
    available: false,
    command: 'npx @genesis/tfjs-backend-native build',
    error: { name: 'NativeUnavailableError', code: 'native-unavailable' },
  });
  t.true(found.reason?.includes(`${addon} cannot be loaded`), found.reason);
});

test('a package of another version is not loaded', async (t) => {
  const own = await project(t);
  await addPlatformPackage(own, compiled, '0.0.1');
  const found = await status(own);
  t.false(found.available);
  t.regex(found.reason!, /has version 0\.0\.1, not /);
});

test('a package that was left out is said to be, with the command that installs it', async (t) => {
  const own = await project(t);
  const name = await platform(own);
  await publish(own, name);
  const found = await status(own);
  t.false(found.available);
  t.regex(found.reason!, /optional dependencies were left out/);
  t.is(found.command, `npm install @genesis/tfjs-backend-native-${name}@${version}`);
});

test('where there is no package for the platform, the command is the one that compiles', async (t) => {
  const own = await project(t);
  await publish(own, 'plan9-mips');
  const found = await status(own);
  t.false(found.available);
  t.regex(found.reason!, /there is no prebuilt addon for .*, and none was compiled/);
  t.is(found.command, 'npx @genesis/tfjs-backend-native build');
  const elsewhere = await status({ ...own, folder: root });
  t.is(elsewhere.command, `node "${join(own.installed, 'bin', 'tfjs-backend-native.mjs')}" build`);
});

test('GENESIS_NATIVE_ADDON names the only addon that is tried', async (t) => {
  const own = await project(t);
  const addon = await addPlatformPackage(own, compiled);
  t.like(await status(own, compiled), { available: true, addon: compiled });
  const found = await status(own, `${addon}-absent`);
  t.false(found.available);
  t.regex(found.reason!, /^GENESIS_NATIVE_ADDON: .*-absent cannot be loaded/);
});

test('the build command says what is missing, and refuses what it does not know', async (t) => {
  const own = await project(t);
  const bin = join(own.installed, 'bin', 'tfjs-backend-native.mjs');
  const env = { ...process.env, CXX: 'no-such-compiler' };
  const failed = await t.throwsAsync(run(process.execPath, [bin, 'build'], { env }));
  t.like(failed, { code: 1 });
  t.regex((failed as Error & { stderr: string }).stderr, /tried no-such-compiler/);
  t.like(await t.throwsAsync(run(process.execPath, [bin, 'bild'])), { code: 2 });
  t.regex((await run(process.execPath, [bin])).stdout, /Usage: tfjs-backend-native build/);
});
