#!/usr/bin/env node
// Packs everything that a release publishes, as tarballs with a list of them, in the order in which they are published.
//
//   node tools/release/pack.mjs --out release
//
//   --repository URL   address of the repository, which npm's provenance compares with where it runs
//   --targets a,b      platform packages of these targets alone, for a rehearsal; a release has all
//
// Needs the packages built (`npm run build`) and the addons (`node packages/tfjs-backend-native/scripts/prebuild.mjs --all`).
// The platform packages enter the manifest of the native engine here: in the repository they would be dependencies that
// no registry has yet.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  layOutPackage,
  prebuildsFolder,
} from '../../packages/tfjs-backend-native/scripts/lib/prebuild.mjs';
import {
  targets as allTargets,
  PACKAGE,
  packageOf,
} from '../../packages/tfjs-backend-native/scripts/lib/targets.mjs';
import { npm } from './lib/npm.mjs';
import { packagesInOrder } from './lib/packages.mjs';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'release' },
    repository: { type: 'string' },
    targets: { type: 'string' },
  },
});
const out = resolve(options.out);
const stage = join(out, 'stage');
const wanted = options.targets?.split(',');
const targets = allTargets.filter(({ name }) => wanted?.includes(name) ?? true);

function repositoryField(directory) {
  const { repository: url } = options;
  return url === undefined ? {} : { repository: { type: 'git', url, directory } };
}

/** The addons of this version, checked against the hashes in their manifest. */
async function platformPackages(version) {
  const path = join(prebuildsFolder, 'manifest.json');
  const made = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { addons: [] };
  const { createHash } = await import('node:crypto');
  return targets.map((target) => {
    const addon = join(prebuildsFolder, target.name, 'genesis.node');
    const entry = made.addons.find((one) => one.target === target.name);
    if (!entry || made.version !== version || !existsSync(addon))
      throw new Error(`There is no addon of ${version} for ${target.name}: run prebuild.mjs.`);
    const sha256 = createHash('sha256').update(readFileSync(addon)).digest('hex');
    if (sha256 !== entry.sha256)
      throw new Error(`${addon} is not the addon that the manifest lists.`);
    const folder = join(stage, target.name);
    layOutPackage(target, addon, folder);
    return folder;
  });
}

/** What npm would publish of a package, with the changes of a release in its manifest. */
async function stagePackage({ folder, directory, manifest }, optionalDependencies) {
  const listed = JSON.parse(
    await npm(['pack', '--json', '--dry-run', '--ignore-scripts'], { cwd: folder }),
  );
  const to = join(stage, directory);
  for (const { path } of listed[0].files) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(folder, path), join(to, path));
  }
  const released = { ...manifest, ...repositoryField(directory), ...optionalDependencies };
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(released, null, 2)}\n`);
  return to;
}

async function pack(folder) {
  const [made] = JSON.parse(
    await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', out], { cwd: folder }),
  );
  const { name, version, filename, size, integrity } = made;
  return { name, version, file: filename.replace('@', '').replace('/', '-'), size, integrity };
}

rmSync(out, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
const tarballs = [];
for (const one of packagesInOrder()) {
  const { name, version } = one.manifest;
  const native = name === PACKAGE;
  if (native) {
    for (const folder of await platformPackages(version)) {
      const path = join(folder, 'package.json');
      const manifest = JSON.parse(readFileSync(path, 'utf8'));
      const released = { ...manifest, ...repositoryField(one.directory) };
      writeFileSync(path, `${JSON.stringify(released, null, 2)}\n`);
      tarballs.push(await pack(folder));
    }
  }
  const platform = Object.fromEntries(targets.map((target) => [packageOf(target), version]));
  const folder = await stagePackage(one, native ? { optionalDependencies: platform } : {});
  tarballs.push(await pack(folder));
}
rmSync(stage, { recursive: true });
writeFileSync(join(out, 'release.json'), `${JSON.stringify(tarballs, null, 2)}\n`);
for (const { name, version, size } of tarballs)
  console.log(`${`${name}@${version}`.padEnd(56)}${(size / 1024).toFixed(0).padStart(6)} KiB`);
