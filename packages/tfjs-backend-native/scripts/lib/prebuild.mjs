import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { BuildError } from './error.mjs';
import { glibcOf, inspect, problemsOf } from './inspect/check.mjs';
import { packageRoot } from './sources.mjs';
import { packageOf, targets } from './targets.mjs';
import { crossToolchain, EXPORTS } from './zig.mjs';

export const prebuildsFolder = join(packageRoot, 'prebuilds');
const manifestPath = join(prebuildsFolder, 'manifest.json');

function ownManifest() {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
}

/** Lays a package with an addon out in a folder, which is emptied first. It has the version of this package. */
export function layOutPackage(target, addon, folder) {
  const { version, license, engines } = ownManifest();
  const { os, cpu, libc } = target;
  const manifest = {
    name: packageOf(target),
    version,
    description: `The addon of @genesis/tfjs-backend-native for ${target.name}`,
    license,
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    main: 'genesis.node',
    files: ['genesis.node'],
    publishConfig: { access: 'public', provenance: true },
  };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(
    join(folder, 'README.md'),
    `# ${manifest.name}\n\nThe compiled addon of [@genesis/tfjs-backend-native](https://www.npmjs.com/package/@genesis/tfjs-backend-native), which installs this package by itself on the machines that it is for.\n`,
  );
  copyFileSync(join(packageRoot, 'LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(addon, join(folder, 'genesis.node'));
}

/**
 * Compiles the addon of one target, checks it, lays its package out in prebuilds/ and returns its entry of the manifest.
 * Throws BuildError.
 *
 * @param {{ tests?: boolean, report?: (line: string) => void }} [options]
 */
export async function prebuild(target, { tests = false, report } = {}) {
  const folder = join(packageRoot, 'build', 'prebuild', target.name);
  mkdirSync(folder, { recursive: true });
  const versionScript = join(folder, 'exports.map');
  writeFileSync(versionScript, `{ global: ${EXPORTS.join('; ')}; local: *; };\n`);
  const toolchain = crossToolchain(target, versionScript);
  const suffix = target.os === 'win32' ? '.exe' : '';
  const [addon] = await build({ what: 'addon', toolchain, folder, report });
  if (tests) await build({ what: 'tests', toolchain, folder, suffix, report });
  const bytes = readFileSync(addon);
  const problems = problemsOf(bytes, target);
  if (problems.length > 0)
    throw new BuildError(
      `The addon for ${target.name} cannot be published: ${problems.join('; ')}.`,
    );
  layOutPackage(target, addon, join(prebuildsFolder, target.name));
  const { libraries, versions, oldestSystem } = inspect(bytes);
  return {
    target: target.name,
    package: packageOf(target),
    compiler: toolchain.version,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    libraries,
    glibc: glibcOf(versions),
    macos: oldestSystem,
  };
}

/** Writes an entry to the manifest, beside the names of all targets; entries of others, of the same version, stay. */
export function writeManifest(entry) {
  const { version } = ownManifest();
  const last = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : {};
  const kept =
    last.version === version ? last.addons.filter(({ target }) => target !== entry.target) : [];
  const manifest = {
    version,
    nodeApi: 8,
    targets: targets.map(({ name }) => name),
    addons: [...kept, entry],
  };
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
}
