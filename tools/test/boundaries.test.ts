import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { manifestOf, packageNames, root } from './repository.js';

/** Which siblings each package may use: dependencies point one way. */
const allowed: Record<string, string[]> = {
  core: [],
  'volume-io': ['@genesis/core'],
  transforms: ['@genesis/core'],
  zoo: ['@genesis/core'],
  'tfjs-backend-native': ['@genesis/core'],
  unet3d: ['@genesis/core', '@genesis/tfjs-backend-native'],
  inference: ['@genesis/core', '@genesis/unet3d', '@genesis/volume-io', '@genesis/zoo'],
  trainer: [
    '@genesis/core',
    '@genesis/inference',
    '@genesis/tfjs-backend-native',
    '@genesis/transforms',
    '@genesis/unet3d',
    '@genesis/volume-io',
    '@genesis/zoo',
  ],
};

test('the packages are those of the design', (t) => {
  t.deepEqual(packageNames, Object.keys(allowed).sort());
});

for (const name of packageNames) {
  test(`${name}: its manifest names only the siblings it may use, at their real versions`, (t) => {
    const { dependencies = {}, peerDependencies = {}, license } = manifestOf(name);
    const siblings = Object.entries({ ...dependencies, ...peerDependencies })
      .filter(([dependency]) => dependency.startsWith('@genesis/'))
      .sort();
    t.deepEqual(
      siblings.map(([dependency]) => dependency),
      allowed[name],
    );
    for (const [dependency, range] of siblings) {
      t.is(range, manifestOf(dependency.slice('@genesis/'.length)).version);
    }
    t.is(license, 'Apache-2.0');
  });
}

test('the TensorFlow bindings are optional peers of unet3d and nobody depends on them', (t) => {
  const { peerDependenciesMeta = {} } = manifestOf('unet3d');
  for (const binding of ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']) {
    t.true(peerDependenciesMeta[binding]?.optional);
    for (const name of packageNames) t.false(binding in (manifestOf(name).dependencies ?? {}));
  }
});

/** Runs the linter with our rules over one file in a folder of its own. */
function lint(path: string, source: string): { ok: boolean; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'genesis-lint-'));
  const { vcs, $schema, ...rules } = JSON.parse(readFileSync(`${root}/biome.json`, 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(rules));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), source);
  const biome = `${root}/node_modules/@biomejs/biome/bin/biome`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { ok: status === 0, output: stdout + stderr };
}

const importing = (name: string): string => `import { x } from '${name}';\n\nexport const y = x;\n`;

for (const [path, name] of [
  ['packages/volume-io/src/a.ts', '@genesis/unet3d'],
  ['packages/transforms/src/a.ts', '@genesis/volume-io'],
  ['packages/zoo/src/a.ts', '@genesis/trainer'],
  ['packages/unet3d/src/a.ts', '@genesis/zoo'],
  ['packages/transforms/src/a.ts', '@tensorflow/tfjs-core'],
  ['packages/trainer/src/a.ts', '../../unet3d/src/index.js'],
]) {
  test(`the linter refuses ${name} in ${path}`, (t) => {
    const { ok, output } = lint(path, importing(name));
    t.false(ok);
    t.regex(output, /noRestrictedImports/);
  });
}

test('the linter accepts what is allowed', (t) => {
  const { ok, output } = lint('packages/unet3d/src/a.ts', importing('@tensorflow/tfjs-core'));
  t.true(ok, output);
  t.true(lint('packages/trainer/src/a.ts', importing('@genesis/unet3d')).ok);
});
