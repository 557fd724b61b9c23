import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  mpi: ['@genesis/core'],
  unet3d: ['@genesis/core', '@genesis/tfjs-backend-native'],
  inference: ['@genesis/core', '@genesis/unet3d', '@genesis/volume-io', '@genesis/zoo'],
  trainer: [
    '@genesis/core',
    '@genesis/inference',
    '@genesis/mpi',
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

for (const name of packageNames) {
  test(`${name}: every entry has pages in the API documentation`, (t) => {
    const entries = Object.values(manifestOf(name).exports)
      .filter((target) => typeof target === 'object')
      .map((target) => String((target as { default?: unknown } | null)?.default));
    const own = `${root}/packages/${name}/typedoc.json`;
    const { entryPoints } = (
      existsSync(own) ? JSON.parse(readFileSync(own, 'utf8')) : { entryPoints: ['src/index.ts'] }
    ) as { entryPoints: string[] };
    t.deepEqual(
      entryPoints,
      entries.map((path) => path.replace('./dist/', 'src/').replace(/js$/, 'ts')),
    );
  });

  test(`${name}: its page in a registry says what it is`, (t) => {
    const { description, keywords = [] } = manifestOf(name);
    t.true(description.length > 20);
    t.true(keywords.length >= 5);
    t.is(new Set(keywords).size, keywords.length);
  });
}

test('the TensorFlow bindings are optional peers of unet3d and nobody depends on them', (t) => {
  const { peerDependenciesMeta = {} } = manifestOf('unet3d');
  for (const binding of ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']) {
    t.true(peerDependenciesMeta[binding]?.optional);
    for (const name of packageNames) t.false(binding in (manifestOf(name).dependencies ?? {}));
  }
});

/** A folder with the packages' manifests and these files, for the linter to look at. */
function treeOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'genesis-lint-'));
  const manifests = packageNames.map((name) => `packages/${name}/package.json`);
  for (const path of ['package.json', ...manifests]) {
    write(folder, path, readFileSync(`${root}/${path}`, 'utf8'));
  }
  for (const [path, source] of Object.entries(files)) write(folder, path, source);
  return folder;
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Runs the linter of the repository over a tree. */
function lint(files: Record<string, string>): { ok: boolean; output: string } {
  const folder = treeOf(files);
  const script = `${root}/tools/lint/lint.mjs`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return { ok: status === 0, output: stdout + stderr };
}

const importing = (name: string): string => `import { x } from '${name}';\n\nexport const y = x;\n`;

/** What is refused: a file in this folder, this import, by this rule. */
const refused = [
  ['packages/core/src', '@genesis/volume-io', 'layers'],
  ['packages/volume-io/src', '@genesis/unet3d', 'layers'],
  ['packages/transforms/src', '@genesis/volume-io', 'layers'],
  ['packages/zoo/src', '@genesis/trainer', 'layers'],
  ['packages/unet3d/src', '@genesis/zoo', 'not-named'],
  ['packages/inference/src', '@genesis/trainer', 'layers'],
  ['packages/tfjs-backend-native/src', '@genesis/unet3d', 'layers'],
  ['packages/inference/src', '@genesis/transforms', 'not-named'],
  ['packages/zoo/src', 'yaml', 'not-named'],
  ['packages/zoo/src', 'ava', 'not-named'],
  ['packages/zoo/src', '@genesis/zoo', 'own-name'],
  ['packages/zoo/src', '#src/b.js', 'alias'],
  ['packages/zoo/src', '#nothing', 'alias'],
  ['packages/transforms/src', '@tensorflow/tfjs-core', 'tensors'],
  ['packages/volume-io/src', '@tensorflow/tfjs-core', 'tensors'],
  ['packages/zoo/src', '@tensorflow/tfjs-core', 'tensors'],
  ['packages/trainer/src', '../../unet3d/src/index.js', 'sibling-path'],
  ['packages/trainer/test', '../../unet3d/src/index.js', 'sibling-path'],
  ['examples/page', '../../packages/unet3d/src/index.js', 'sibling-path'],
  ['packages/trainer/test', '../src/index.js', 'test-alias'],
] as const;

/** Every way to name a module. */
const ways = [
  importing,
  (name: string): string => `export type * from '${name}';\n`,
  (name: string): string => `export const load = () => import('${name}');\n`,
  (name: string): string => `export type X = import('${name}').X;\n`,
];

const fileOf = (folder: string, row: number, way: number): string =>
  `${folder}/case-${row}-${way}.ts`;

test('the linter refuses what the layers and manifests do not allow', (t) => {
  const files = refused.flatMap(([folder, name], row) =>
    ways.map((source, way) => [fileOf(folder, row, way), source(name)]),
  );
  const { ok, output } = lint(Object.fromEntries(files) as Record<string, string>);
  t.false(ok);
  const lines = output.split('\n');
  for (const [row, [folder, name, rule]] of refused.entries()) {
    for (const way of ways.keys()) {
      const start = `${fileOf(folder, row, way)}:1  ${rule}: `;
      t.is(lines.filter((line) => line.startsWith(start)).length, 1, `${name} in ${start}`);
    }
  }
  t.is(lines.filter((line) => line.includes('case-')).length, refused.length * ways.length);
});

test('the linter accepts what is allowed', (t) => {
  const { ok, output } = lint({
    'packages/unet3d/src/a.ts': importing('@tensorflow/tfjs-core'),
    'packages/trainer/src/a.ts': importing('@genesis/unet3d'),
    'packages/zoo/src/a.ts': importing('@genesis/core/node') + importing('node:fs'),
    'packages/zoo/src/types.ts': "import type { NdArray } from 'ndarray';\n",
    'packages/zoo/test/a.test.ts': importing('#src/a.js') + importing('ava') + importing('./b.js'),
    'packages/zoo/test/b.ts': importing('@genesis/zoo'),
    'examples/page/main.ts': importing('@genesis/unet3d'),
  });
  t.true(ok, output);
});

for (const [title, files, wanted] of [
  [
    'two files',
    { 'a.ts': importing('./b.js'), 'b.ts': importing('./a.js') },
    'packages/zoo/src/a.ts packages/zoo/src/b.ts  circle',
  ],
  [
    'three files, one import of a type',
    {
      'a.ts': importing('./b.js'),
      'b.ts': importing('./c.js'),
      'c.ts': "import type { X } from './a.js';\n",
    },
    'packages/zoo/src/a.ts packages/zoo/src/b.ts packages/zoo/src/c.ts  circle',
  ],
  [
    'two folders through different files',
    {
      'one/a.ts': "import type { X } from '../two/c.js';\n",
      'one/b.ts': 'export const x = 1;\n',
      'two/c.ts': 'export const x = 1;\n',
      'two/inner/d.ts': importing('../../one/b.js'),
    },
    'packages/zoo/src/one packages/zoo/src/two  circle',
  ],
  [
    'a folder and a file beside it',
    { 'a.ts': importing('./one/b.js'), 'one/b.ts': importing('../a.js') },
    'packages/zoo/src/a.ts packages/zoo/src/one  circle',
  ],
] as const) {
  test(`the linter refuses a circle of ${title}`, (t) => {
    const sources = Object.entries(files).map(([path, text]) => [`packages/zoo/src/${path}`, text]);
    const { ok, output } = lint(Object.fromEntries(sources) as Record<string, string>);
    t.false(ok);
    t.true(output.startsWith(wanted), output);
  });
}

test('the linter accepts folders that import each other one way, at any depth', (t) => {
  const { ok, output } = lint({
    'packages/zoo/src/index.ts': importing('./one/a.js') + importing('./two/b.js'),
    'packages/zoo/src/errors.ts': 'export const x = 1;\n',
    'packages/zoo/src/one/a.ts': importing('./inner/c.js') + importing('../errors.js'),
    'packages/zoo/src/one/inner/c.ts': importing('../shared.js') + importing('../../two/b.js'),
    'packages/zoo/src/one/shared.ts': 'export const x = 1;\n',
    'packages/zoo/src/two/b.ts': importing('../errors.js'),
  });
  t.true(ok, output);
});

for (const [name, dependency, rule] of [
  ['zoo', '@genesis/trainer', 'layers'],
  ['zoo', '@genesis/volume-io', 'layers'],
  ['transforms', '@tensorflow/tfjs-core', 'tensors'],
]) {
  test(`the linter refuses ${dependency} in the manifest of ${name}`, (t) => {
    const path = `packages/${name}/package.json`;
    const manifest = { name: `@genesis/${name}`, dependencies: { [dependency]: '*' } };
    const { ok, output } = lint({ [path]: JSON.stringify(manifest) });
    t.false(ok);
    t.true(output.startsWith(`${path}  ${rule}: `), output);
  });
}
