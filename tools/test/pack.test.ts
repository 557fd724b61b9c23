import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { build, type Rollup } from 'vite';
import { packageNames, root } from './repository.js';

const inBrowser = ['volume-io', 'transforms', 'unet3d'];
const project = mkdtempSync(join(tmpdir(), 'genesis-pack-'));

interface Packed {
  filename: string;
  files: { path: string }[];
}

const packed = new Map<string, Packed>();

test.before('pack every package and install the tarballs in an empty project', () => {
  for (const name of packageNames) {
    const output = execFileSync(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', project],
      { cwd: `${root}/packages/${name}`, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    packed.set(name, (JSON.parse(output) as Packed[])[0]);
  }
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  const tarballs = [...packed.values()].map(({ filename }) => `./${filename}`);
  execFileSync(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs],
    { cwd: project, stdio: 'ignore' },
  );
});

test.after.always('remove the project', () => rmSync(project, { recursive: true, force: true }));

for (const name of packageNames) {
  test(`${name}: the tarball has code, types, README and licence, and no tests`, (t) => {
    const files = packed.get(name)!.files.map(({ path }) => path);
    for (const wanted of ['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE']) {
      t.true(files.includes(wanted), `${wanted} is missing`);
    }
    t.deepEqual(
      files.filter((path) => /(^|\/)(test|build|node_modules)\/|tsbuildinfo/.test(path)),
      [],
    );
  });

  test(`${name}: imports from the installed tarball in Node`, (t) => {
    const script = `const all = await import('@genesis/${name}');
      if (Object.keys(all).length === 0) throw new Error('no exports');`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: project,
      encoding: 'utf8',
    });
    t.is(status, 0, stderr);
  });
}

for (const name of inBrowser) {
  test.serial(`${name}: bundles for a browser from the installed tarball`, async (t) => {
    const entry = join(project, `${name}.js`);
    writeFileSync(entry, `import * as all from '@genesis/${name}';\nglobalThis.genesis = all;\n`);
    const result = await build({
      root: project,
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        minify: false,
        target: 'es2022',
        rollupOptions: {
          input: entry,
          // Optional peers are found at run time; a bundle leaves out those that are not installed.
          external: [/^@tensorflow\/tfjs-node/, /^@tensorflow\/tfjs-backend-webgpu/, 'webgpu'],
        },
      },
    });
    const chunks = (result as Rollup.RollupOutput).output.filter((file) => file.type === 'chunk');
    t.true(chunks.length > 0);
    for (const { fileName, imports, dynamicImports } of chunks) {
      const builtins = [...imports, ...dynamicImports].filter((path) => isBuiltin(path));
      t.deepEqual(builtins, [], fileName);
    }
  });
}

const compiler = ['g++', 'clang++'].find((name) => spawnSync(name, ['--version']).status === 0);

test('the native engine is built by the install, or says why it is not', (t) => {
  const script = `const { nativeStatus } = await import('@genesis/tfjs-backend-native');
    console.log(JSON.stringify(nativeStatus()));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: project,
    encoding: 'utf8',
  });
  t.true(stdout.startsWith('{'), stderr);
  const status = JSON.parse(stdout) as { available: boolean; reason?: string };
  if (compiler) t.true(status.available, status.reason);
  else t.truthy(status.reason);
});

test('the genesis command runs from the installed tarball', (t) => {
  const bin = join(project, 'node_modules', '.bin', 'genesis');
  const { status, stdout } = spawnSync(bin, ['--help'], { encoding: 'utf8' });
  t.is(status, 0);
  for (const command of [
    'pretrain',
    'finetune',
    'predict',
    'evaluate',
    'convert',
    'info',
    'doctor',
  ])
    t.true(stdout.includes(command), command);
});
