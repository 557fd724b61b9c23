import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import test from 'ava';
import { build, type Rollup } from 'vite';
import { type PackedProject, packedProject, runGenesis } from './packed-project.js';
import { manifestOf, packageNames, readText, root } from './repository.js';
import { relativeLinks, type Snippet, snippetsIn } from './snippets.js';

const inBrowser = ['core', 'volume-io', 'transforms', 'unet3d', 'inference'];
let project: PackedProject;

/** The tarballs name no platform packages, which are not there before a release, so the project compiles its addon. */
let built: SpawnSyncReturns<string>;

test.before('pack every package and install the tarballs in an empty project', () => {
  project = packedProject();
  const args = ['@genesis/tfjs-backend-native', 'build'];
  built = spawnSync('npx', args, { cwd: project.folder, encoding: 'utf8' });
});

test.after.always('remove the project', () => {
  rmSync(project.folder, { recursive: true, force: true });
});

const filesOf = (name: string): string[] =>
  project.tarballs.get(name)?.files.map(({ path }) => path) ?? [];

for (const name of packageNames) {
  test(`${name}: the tarball has code, types, README and license, and no tests`, (t) => {
    const files = filesOf(name);
    for (const wanted of ['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE']) {
      t.true(files.includes(wanted), `${wanted} is missing`);
    }
    t.deepEqual(
      files.filter((path) => /(^|\/)(test|build|node_modules)\/|tsbuildinfo/.test(path)),
      [],
    );
  });

  test(`${name}: what its manifest names is in the tarball`, (t) => {
    const files = filesOf(name);
    const { exports, imports } = manifestOf(name);
    for (const target of [...targetsOf(exports), ...targetsOf(imports)]) {
      t.true(files.includes(target.slice(2)), target);
    }
  });

  test(`${name}: pictures and links of its pages lie in the tarball or are addresses`, (t) => {
    const files = filesOf(name);
    t.true(files.includes('README.md'));
    for (const page of files.filter((path) => /^[^/]*\.md$|^docs\/.*\.md$/.test(path))) {
      for (const link of relativeLinks(readText(`packages/${name}/${page}`))) {
        const path = join(page, '..', link);
        t.true(
          files.some((file) => file === path || file.startsWith(`${path}/`)),
          `${page}: ${link}`,
        );
      }
    }
  });

  test(`${name}: imports from the installed tarball in Node`, (t) => {
    const entries = Object.keys(manifestOf(name).exports).filter((key) => !key.endsWith('.json'));
    for (const entry of entries) {
      const script = `const all = await import('@genesis/${join(name, entry)}');
        if (${entry === '.'} && Object.keys(all).length === 0) throw new Error('no exports');`;
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '-e', script],
        { cwd: project.folder, encoding: 'utf8' },
      );
      t.is(status, 0, stderr);
    }
  });
}

/** The files that a field of a manifest names, under all conditions; patterns aside. */
function targetsOf(field: unknown): string[] {
  if (typeof field === 'string')
    return field.startsWith('./') && !field.includes('*') ? [field] : [];
  return Object.values(field ?? {}).flatMap(targetsOf);
}

for (const name of inBrowser) {
  test.serial(`${name}: bundles for a browser from the installed tarball`, async (t) => {
    const entry = join(project.folder, `${name}.js`);
    writeFileSync(entry, `import * as all from '@genesis/${name}';\nglobalThis.genesis = all;\n`);
    const result = await build({
      root: project.folder,
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

test('the native engine is built on request, or says why it is not', (t) => {
  const script = `const { nativeStatus } = await import('@genesis/tfjs-backend-native');
    console.log(JSON.stringify(nativeStatus()));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: project.folder,
    encoding: 'utf8',
  });
  t.true(stdout.startsWith('{'), stderr);
  const status = JSON.parse(stdout) as { available: boolean; reason?: string };
  if (compiler) {
    t.is(built.status, 0, built.stderr);
    t.true(status.available, status.reason);
  } else {
    t.is(built.status, 1, built.stdout);
    t.truthy(status.reason);
  }
});

test('the genesis command runs from the installed tarball', (t) => {
  const { status, stdout } = runGenesis(project, project.folder, '--help');
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

/** Where the snippets of the READMEs are compiled and run. */
const folder = (): string => join(project.folder, 'snippets');
const nameOf = ({ file, line }: Snippet): string =>
  `${file.replace(/\/?README\.md$/, '').replaceAll('/', '-') || 'root'}-${line}`;

test.serial('every snippet of a README compiles in a strict project with the tarballs', (t) => {
  mkdirSync(folder());
  const snippets = snippetsIn('ts', 'js');
  t.true(snippets.length >= packageNames.length);
  for (const snippet of snippets) {
    writeFileSync(join(folder(), `${nameOf(snippet)}.ts`), `${snippet.code}\nexport {};\n`);
  }
  const packages = packageNames.flatMap((name) =>
    Object.keys(manifestOf(name).exports)
      .filter((entry) => !entry.endsWith('.json'))
      .map((entry) => `@genesis/${join(name, entry)}`),
  );
  writeFileSync(
    join(folder(), 'all-packages.ts'),
    packages.map((name, n) => `export * as all${n} from '${name}';\n`).join(''),
  );
  // All types are checked, those of the packages too; only Node's own come from the repository.
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    module: 'NodeNext',
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    types: ['node'],
    typeRoots: [`${root}/node_modules/@types`],
    outDir: 'out',
  };
  writeFileSync(join(folder(), 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const tsc = `${root}/node_modules/typescript/bin/tsc`;
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder(), '--pretty', 'false'], {
    cwd: project.folder,
    encoding: 'utf8',
  });
  // TensorFlow.js's own declarations do not pass; nothing here can mend that.
  const errors = stdout
    .split('\n')
    .filter((text) => /\berror TS\d+/.test(text) && !text.startsWith('node_modules/@tensorflow/'));
  t.deepEqual(errors, []);
});

/** Makes what a snippet finds on the reader's disk. */
function prepare(cwd: string): void {
  mkdirSync(cwd);
  runGenesis(
    project,
    cwd,
    'phantom',
    '--out',
    '.',
    '--count',
    '3',
    '--shape',
    '24,24,16',
    '--labels',
  );
  for (const copy of ['scans', 'new', 'test']) {
    cpSync(join(cwd, 'images'), join(cwd, copy), { recursive: true });
  }
  cpSync(join(cwd, 'labels'), join(cwd, 'test-labels'), { recursive: true });
  const weights = `${root}/packages/zoo/test/fixtures/zip.pt`;
  copyFileSync(weights, join(cwd, 'Genesis_Chest_CT.pt'));
  const large = `import { chestPhantom, writeVolume } from '@genesis/volume-io';
    const { image } = chestPhantom({ seed: 1, shape: [272, 256, 160], spacing: [2, 2, 2] });
    await writeVolume('ct.nii', image);
    await writeVolume('ct.nii.gz', image);
    await writeVolume('data/ct.mha', image);`;
  mkdirSync(join(cwd, 'data'));
  spawnSync(process.execPath, ['--input-type=module', '-e', large], { cwd });
}

/** Packs the first model of a reader into a mirror, as the model that the READMEs name. */
function prepareModel(cwd: string): string {
  const options = ['--width', '2', '--levels', '2', '--crop', '16,16,16', '--epochs', '1'];
  const few = ['--crops-per-volume', '2', '--validation-crops', '2', '--batch', '2'];
  runGenesis(project, cwd, 'pretrain', '--images', 'scans', '--out', 'made', ...options, ...few);
  const card = snippetsIn('yaml').find(({ code }) => code.startsWith('# card.yaml'))?.code ?? '';
  writeFileSync(join(cwd, 'card.yaml'), card.replace('name: organs', 'name: genesis-ct'));
  const out = join(cwd, 'mirror', 'genesis-ct');
  runGenesis(project, cwd, 'zoo', 'push', 'made', '--card', 'card.yaml', '--out', out);
  return join(cwd, 'mirror');
}

/** The same program on networks and data that fit a test. */
function small(javascript: string): string {
  return javascript
    .replace(/\bpretrain\(\{/g, 'pretrain({ crop: [16, 16, 16], cropsPerVolume: 2, epochs: 1,')
    .replace(/\bfinetune\(\{/g, 'finetune({ epochs: 1,')
    .replace(/width: 16/g, 'width: 2, levels: 2')
    .replace('inputShape: [64, 64, 32, 1] }', 'inputShape: [64, 64, 32, 1], width: 2, levels: 2 }');
}

/** The addon of the repository; the tarball's own would be compiled by an install script, which is not run here. */
const mpiAddon = `${root}/packages/mpi/build/native/mpi.node`;
const withMpi = existsSync(mpiAddon);

test.serial(
  `every snippet of a README runs with the tarballs${withMpi ? '' : ' (but those of MPI)'}`,
  (t) => {
    const cwd = join(project.folder, 'reader');
    prepare(cwd);
    const env = {
      ...process.env,
      GENESIS_MPI_ADDON: withMpi ? mpiAddon : undefined,
      GENESIS_MIRROR: prepareModel(cwd),
      GENESIS_CACHE: join(cwd, 'cache'),
      GENESIS_OFFLINE: '1',
    };
    for (const snippet of snippetsIn('ts', 'js')) {
      if (!withMpi && snippet.file === 'packages/mpi/README.md') continue;
      const script = join(folder(), 'out', `${nameOf(snippet)}.js`);
      writeFileSync(script, small(readText(script)));
      const { status, stderr } = spawnSync(process.execPath, [script], {
        cwd,
        env,
        encoding: 'utf8',
      });
      t.is(status, 0, `${snippet.file}:${snippet.line}\n${stderr}`);
      rmSync(join(cwd, 'runs'), { recursive: true, force: true });
      rmSync(join(cwd, 'predictions'), { recursive: true, force: true });
    }
  },
);

test.serial(
  'with the tarballs alone a published model is pulled, started from, and another applied',
  (t) => {
    const cwd = join(project.folder, 'stranger');
    prepare(cwd);
    const env = {
      ...process.env,
      GENESIS_MIRROR: prepareModel(cwd),
      GENESIS_CACHE: join(cwd, 'cache'),
      GENESIS_OFFLINE: '1',
    };
    const genesis = (...args: string[]): string => {
      const bin = join(project.folder, 'node_modules', '.bin', 'genesis');
      const { status, stdout, stderr } = spawnSync(bin, args, { cwd, env, encoding: 'utf8' });
      t.is(status, 0, `genesis ${args.join(' ')}\n${stderr}`);
      return stdout;
    };
    t.regex(genesis('zoo', 'pull', 'genesis-ct', '--to', 'pulled'), /^genesis-ct 1\.0\.0: pulled/);
    t.regex(genesis('info', 'zoo:genesis-ct'), /kind +pretrain/);
    const labeled = ['--task', 'segmentation', '--images', 'images', '--labels', 'labels'];
    const few = ['--epochs', '1', '--batch', '2', '--crops-per-volume', '2'];
    genesis('finetune', ...labeled, ...few, '--init', 'zoo:genesis-ct', '--out', 'seg');
    genesis('zoo', 'push', 'seg', '--card', 'card.yaml', '--out', join('mirror', 'genesis-seg'));
    genesis('predict', '--model', 'mirror/genesis-seg', '--images', 'new', '--out', 'predicted');
    t.is(readdirSync(join(cwd, 'predicted')).length, 3);
  },
);

test('commands in READMEs have flags that exist, and install packages that exist', (t) => {
  for (const { file, line, code } of snippetsIn('sh')) {
    for (const text of code.split('\n').map((one) => one.replace(/ #.*/, ''))) {
      for (const [, name] of text.matchAll(/@genesis\/([\w-]+)/g)) {
        t.true(packageNames.includes(name), `${file}:${line} ${name}`);
      }
      const call = /^(?:npx )?(?:genesis|npx @genesis\/trainer) +(zoo \w+|\w+)(.*)$/.exec(text);
      if (!call) continue;
      const [, command, rest] = call;
      const { status, stdout } = runGenesis(
        project,
        project.folder,
        ...command.split(' '),
        '--help',
      );
      t.is(status, 0, text);
      for (const [flag] of rest.matchAll(/--[\w-]+/g)) {
        t.regex(stdout, new RegExp(`${flag}\\b`), `${file}:${line} ${text}`);
      }
    }
  }
});

test('configurations in READMEs are accepted', (t) => {
  const cwd = join(project.folder, 'config');
  mkdirSync(cwd);
  for (const { file, line, code } of snippetsIn('yaml', 'json')) {
    const command = /genesis (\w+) (?:--config|\S+\.yaml)/.exec(code)?.[1] ?? 'pretrain';
    writeFileSync(join(cwd, 'config.yaml'), code);
    const given = command === 'compare' ? ['config.yaml'] : ['--config', 'config.yaml'];
    const args = code.startsWith('# card.yaml')
      ? ['zoo', 'push', 'scans', '--card', 'config.yaml']
      : [command, ...given];
    const { status, stderr } = runGenesis(project, cwd, ...args, '--out', 'run');
    // Wrong options end with 2; these name a folder that is not there.
    t.is(status, 1, `${file}:${line} ${stderr}`);
    t.regex(stderr, /scans/);
  }
});
