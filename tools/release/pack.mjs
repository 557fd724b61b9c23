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

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm } from './lib/npm.mjs';
import { packagesInOrder, root } from './lib/packages.mjs';

const NATIVE = '@genesis/tfjs-backend-native';
const prebuilds = join(root, 'packages', 'tfjs-backend-native', 'prebuilds');

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'release' },
    repository: { type: 'string' },
    targets: { type: 'string' },
  },
});
const out = resolve(options.out);
const stage = join(out, 'stage');

function repositoryField(directory) {
  const { repository: url } = options;
  return url === undefined ? {} : { repository: { type: 'git', url, directory } };
}

/** The packages with the addons of this version, checked against the hashes in their manifest: names and folders. */
function platformPackages(version, directory) {
  const path = join(prebuilds, 'manifest.json');
  if (!existsSync(path)) throw new Error(`There are no addons in ${prebuilds}: run prebuild.mjs.`);
  const made = JSON.parse(readFileSync(path, 'utf8'));
  return (options.targets?.split(',') ?? made.targets).map((target) => {
    const entry = made.addons.find((one) => one.target === target);
    if (!entry || made.version !== version)
      throw new Error(`There is no addon of ${version} for ${target}: run prebuild.mjs.`);
    const folder = join(stage, target);
    cpSync(join(prebuilds, target), folder, { recursive: true });
    const sha256 = createHash('sha256').update(readFileSync(join(folder, 'genesis.node')));
    if (sha256.digest('hex') !== entry.sha256)
      throw new Error(`The addon for ${target} is not the one that the manifest lists.`);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    writeManifest(folder, { ...manifest, ...repositoryField(directory) });
    return { name: entry.package, folder };
  });
}

function writeManifest(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What npm would publish of a package, with the changes of a release in its manifest. */
async function stagePackage({ folder, directory, manifest }, added) {
  const listed = JSON.parse(
    await npm(['pack', '--json', '--dry-run', '--ignore-scripts'], { cwd: folder }),
  );
  const to = join(stage, directory);
  for (const { path } of listed[0].files) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(folder, path), join(to, path));
  }
  writeManifest(to, { ...manifest, ...repositoryField(directory), ...added });
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
  const added = {};
  if (name === NATIVE) {
    const platforms = platformPackages(version, one.directory);
    for (const { folder } of platforms) tarballs.push(await pack(folder));
    added.optionalDependencies = Object.fromEntries(platforms.map((own) => [own.name, version]));
  }
  tarballs.push(await pack(await stagePackage(one, added)));
}
rmSync(stage, { recursive: true });
writeFileSync(join(out, 'release.json'), `${JSON.stringify(tarballs, null, 2)}\n`);
for (const { name, version, size } of tarballs)
  console.log(`${`${name}@${version}`.padEnd(56)}${(size / 1024).toFixed(0).padStart(6)} KiB`);
