#!/usr/bin/env node
// A whole release on one machine: publishes into a registry of its own (Verdaccio, which passes on to npm's what it does
// not have), installs the trainer in an empty project with --ignore-scripts and without a compiler, and trains.
//
//   node tools/release/rehearse.mjs --from release     what pack.mjs packed
//
//   --port 4873     of the registry
//   --keep          leaves the folder of the rehearsal

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Its node-fetch is a tag, which a mirror may not have. */
const SERVER = { dependencies: { verdaccio: '^6.0.0' }, overrides: { 'node-fetch': '2.7.0' } };

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', default: 'release' },
    port: { type: 'string', default: '4873' },
    keep: { type: 'boolean', default: false },
  },
});
const from = resolve(options.from);
const registry = `http://localhost:${options.port}/`;
const folder = mkdtempSync(join(tmpdir(), 'genesis-release-'));

const config = `
storage: ./storage
uplinks: { npmjs: { url: ${process.env.npm_config_registry ?? 'https://registry.npmjs.org/'} } }
packages:
  '@genesis/*': { access: $all, publish: $all }
  '**': { access: $all, proxy: npmjs }
max_body_size: 50mb
log: { type: stdout, format: json, level: warn }
`;

/** Everything that a user has of a machine: Node with npm, and a shell; no compiler. */
function pathWithoutCompiler() {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const node = dirname(process.execPath);
  for (const name of ['node', 'npm', 'npx']) symlinkSync(join(node, name), join(bin, name));
  symlinkSync('/bin/sh', join(bin, 'sh'));
  symlinkSync('/usr/bin/env', join(bin, 'env'));
  return bin;
}

function must(command, args, { cwd = folder, env }) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return { stdout, stderr, seconds: (performance.now() - start) / 1000 };
}

async function answers() {
  for (let i = 0; i < 600; i++) {
    try {
      return (await fetch(`${registry}-/ping`)).ok;
    } catch {
      await sleep(200);
    }
  }
  throw new Error(`Verdaccio does not answer at ${registry}.`);
}

writeFileSync(join(folder, 'verdaccio.yaml'), config);
writeFileSync(
  join(folder, '.npmrc'),
  `registry=${registry}\n//localhost:${options.port}/:_authToken=rehearsal\naudit=false\nfund=false\n`,
);
const serverFolder = join(folder, 'server');
mkdirSync(serverFolder);
writeFileSync(join(serverFolder, 'package.json'), JSON.stringify({ private: true, ...SERVER }));
must('npm', ['install', '--no-audit', '--no-fund'], { cwd: serverFolder, env: process.env });
const bin = join(serverFolder, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
const settings = ['--config', join(folder, 'verdaccio.yaml'), '--listen', options.port];
const server = spawn(process.execPath, [bin, ...settings], { cwd: folder, stdio: 'ignore' });
try {
  await answers();
  const env = { ...process.env, npm_config_userconfig: join(folder, '.npmrc') };
  delete env.npm_config_registry;
  const publish = fileURLToPath(new URL('publish.mjs', import.meta.url));
  const published = must(process.execPath, [publish, '--from', from, '--registry', registry], {
    env,
  });
  console.log(published.stdout.trim());
  console.log(`published in ${published.seconds.toFixed(1)} s`);

  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  const bare = {
    PATH: pathWithoutCompiler(),
    HOME: folder,
    npm_config_userconfig: join(folder, '.npmrc'),
    npm_config_cache: join(folder, 'cache'),
  };
  if (process.env.NODE_EXTRA_CA_CERTS) bare.NODE_EXTRA_CA_CERTS = process.env.NODE_EXTRA_CA_CERTS;
  for (const compiler of ['g++', 'clang++', 'c++', 'cc'])
    if (spawnSync(compiler, { env: bare }).error === undefined)
      throw new Error(`${compiler} can be found.`);
  const here = { cwd: project, env: bare };
  const install = must('npm', ['install', '--ignore-scripts', '@genesis/trainer'], here);
  console.log(`installed in ${install.seconds.toFixed(1)} s, with an empty cache`);
  rmSync(join(project, 'node_modules'), { recursive: true });
  const again = must('npm', ['ci', '--ignore-scripts'], here);
  console.log(`npm ci in ${again.seconds.toFixed(1)} s, with a warm cache`);
  const doctor = JSON.parse(must('npx', ['genesis', 'doctor', '--json'], here).stdout);
  const native = doctor.engines.find(({ name }) => name === 'native');
  console.log(`auto takes ${doctor.auto}: ${native.summary}`);
  must('npx', ['genesis', 'phantom', '--out', 'scans', '--count', '4', '--seed', '0'], here);
  const small = ['--crop', '32,32,32', '--width', '4', '--batch', '2', '--epochs', '1'];
  const trained = must(
    'npx',
    ['genesis', 'pretrain', '--images', 'scans', '--out', 'run', ...small],
    here,
  );
  console.log(trained.stdout.trim());
  const { engine } = JSON.parse(readFileSync(join(project, 'run', 'run.json'), 'utf8'));
  console.log(`trained in ${trained.seconds.toFixed(1)} s on ${engine.name}`);
  if (doctor.auto !== 'native' || engine.name !== 'native')
    throw new Error('The native engine is not in use.');
} finally {
  server.kill();
  if (!options.keep) rmSync(folder, { recursive: true, force: true });
  else console.log(folder);
}
