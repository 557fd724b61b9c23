// The prebuilt addons, where `node scripts/prebuild.mjs` has made some: they are what may be published, and those that a
// machine can run do a training step; the C++ tests that --tests makes beside them pass.
// GENESIS_RUN_LINUX_ARM64='qemu-aarch64-static -L ROOT PATH-OF-NODE' and the like say how to run Node for a target that is
// not this machine's; what stands before Node runs its C++ tests.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { tempFolder } from '@genesis/testing';
import { nativeStatus } from '@genesis/tfjs-backend-native';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const step = join(root, 'test', 'step', 'step.mjs');

interface Target {
  name: string;
  os: string;
  cpu: string;
  libc?: string;
}

const load = async <T>(path: string): Promise<T> =>
  (await import(new URL(`../../${path}`, import.meta.url).href)) as T;
const { targets } = await load<{ targets: Target[] }>('scripts/lib/targets.mjs');
const { problemsOf } = await load<{ problemsOf: (bytes: Buffer, target: Target) => string[] }>(
  'scripts/lib/inspect/check.mjs',
);
const { platformName } = await load<{ platformName: () => string }>('dist/platform.js');

const addonOf = ({ name }: Target): string => join(root, 'prebuilds', name, 'genesis.node');

/** How Node is started for a target; undefined where it cannot be. */
function nodeFor({ name }: Target): string[] | undefined {
  const given = process.env[`GENESIS_RUN_${name.toUpperCase().replaceAll('-', '_')}`];
  if (given) return given.split(' ');
  return name === platformName() ? [process.execPath] : undefined;
}

/** The C++ tests of a target that are there. */
function programsOf({ name, os }: Target): string[] {
  const suffix = os === 'win32' ? '.exe' : '';
  return readdirSync(join(root, 'native', 'test'))
    .filter((file) => file.endsWith('-test.cpp'))
    .map((file) => join(root, 'build', 'prebuild', name, file.replace('.cpp', suffix)))
    .filter(existsSync);
}

for (const target of targets) {
  const made = existsSync(addonOf(target));
  const maybe = made ? test : test.skip;
  maybe(`${target.name}: the addon loads on every such system, by what is in the file`, (t) => {
    t.deepEqual(problemsOf(readFileSync(addonOf(target)), target), []);
  });

  const node = nodeFor(target);
  const maybeRun = made && node ? test.serial : test.serial.skip;
  maybeRun(`${target.name}: one training step is that of linux-x64`, async (t) => {
    t.timeout(1_800_000, 'emulators are slow');
    const out = join(await tempFolder(t), 'step.txt');
    const [command, ...args] = node!;
    const env = { ...process.env, GENESIS_NATIVE_ADDON: addonOf(target) };
    await run(command, [...args, step, '--out', out], { env });
    const said = readFileSync(out, 'utf8').trim();
    t.log(said);
    // The compiled addon of this machine finds the same instruction sets.
    if (target.name === platformName()) t.true(said.includes(`, ${nativeStatus().isa}, `), said);
    else t.pass();
  });

  // Programs for musl have it inside, and need nothing here but the kernel.
  const isOurs = target.os === process.platform && target.cpu === process.arch;
  const emulator = isOurs ? [] : node?.slice(0, -1);
  const programs = programsOf(target);
  const maybePrograms = programs.length > 0 && emulator ? test.serial : test.serial.skip;
  maybePrograms(`${target.name}: the C++ tests pass`, async (t) => {
    t.timeout(3_600_000, 'emulators are slow');
    for (const program of programs) {
      // An emulated processor takes minutes for all shapes.
      const args = target.cpu !== process.arch && program.includes('conv-test') ? ['--brief'] : [];
      const [command, ...rest] = [...emulator!, program, ...args];
      const { stdout } = await run(command, rest, { maxBuffer: 1 << 24 });
      t.log(`${program.slice(root.length)}: ${stdout.trim().split('\n').at(-1)}`);
    }
    t.pass();
  });
}

test('one training step with the addon that was compiled here', async (t) => {
  const { stdout } = await run(process.execPath, [step]);
  t.log(stdout.trim().split('\n').at(-1));
  t.pass();
});

test('an addon is not published for another machine, or with what others may lack', (t) => {
  const problems = (file: string, target: Target): string => {
    const path = new URL(`../../test/fixtures/addons/${file}.gz`, import.meta.url);
    return problemsOf(gunzipSync(readFileSync(path)), target).join('; ');
  };
  const [linux, arm] = targets;
  const of = (name: string): Target => targets.find((target) => target.name === name)!;
  t.is(problems('good.so', linux), '');
  t.is(problems('good.so', arm), 'it is for linux x64');
  t.is(
    problems('bad.so', linux),
    'it is not stripped; it looks for libraries in /opt/lib; it needs the library libgenesis.so; it gives genesis_leak away',
  );
  t.is(problems('good.dylib', of('darwin-arm64')), '');
  t.is(problems('good.dylib', of('darwin-x64')), 'it is for darwin arm64');
  t.is(problems('bad.dylib', of('darwin-arm64')), 'it gives genesis_leak away');
  t.is(problems('good.dll', of('win32-x64')), '');
  t.is(
    problems('bad.dll', of('win32-x64')),
    'it needs the library genesis.dll; it gives genesis_leak away',
  );
  t.throws(() => problemsOf(Buffer.alloc(4096), linux), { message: /none of the formats/ });
});
