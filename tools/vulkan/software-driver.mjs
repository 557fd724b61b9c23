// A software Vulkan driver (Mesa's lavapipe) for machines without a graphics card, unpacked from the distribution's packages into a
// cache folder: needs no root and changes nothing of the system. With it everything that runs on WebGPU runs on the processor.
//
//   node tools/vulkan/software-driver.mjs                   unpacks it, and prints what to export
//   node tools/vulkan/software-driver.mjs -- COMMAND …      runs a command with it
//
//   --folder DIR   where it lies (default: $XDG_CACHE_HOME/genesis/software-vulkan)
//
// For Debian 12 (from its backports, since its own Mesa 22 is too old for WebGPU) and later, and Ubuntu 24.04 and later.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const LIBRARY = 'libvulkan_lvp.so';
const PACKAGES = ['mesa-vulkan-drivers', 'libvulkan1'];
const KEYRINGS = '/usr/share/keyrings';

/** Ends with the reason why there can be no driver here. */
function giveUp(reason) {
  console.error(`no software Vulkan driver: ${reason}`);
  process.exit(1);
}

/** Where packages come from: the suites of this distribution, the one to prefer, and its keys. */
function distribution() {
  if (process.platform !== 'linux') giveUp(`this is ${process.platform}, not Linux`);
  const release = Object.fromEntries(
    readFileSync('/etc/os-release', 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => line.replaceAll('"', '').split('=')),
  );
  const name = release.VERSION_CODENAME;
  if (release.ID === 'debian') {
    const backports = `${name}-backports`;
    return {
      mirror: 'http://deb.debian.org/debian',
      suites: [name, backports],
      prefer: name === 'bookworm' ? backports : name,
      components: 'main',
      keyring: `${KEYRINGS}/debian-archive-keyring.gpg`,
    };
  }
  if (release.ID === 'ubuntu') {
    return {
      mirror: 'http://archive.ubuntu.com/ubuntu',
      suites: [name, `${name}-updates`],
      prefer: `${name}-updates`,
      components: 'main universe',
      keyring: `${KEYRINGS}/ubuntu-archive-keyring.gpg`,
    };
  }
  return giveUp(`it is known how for Debian and Ubuntu only, and this is ${release.ID}`);
}

/** Unpacks the driver and what it needs and the system lacks. */
function install(folder) {
  const { mirror, suites, prefer, components, keyring } = distribution();
  for (const tool of ['apt-get', 'dpkg-deb']) {
    if (spawnSync(tool, ['--version']).status !== 0) giveUp(`${tool} is missing`);
  }
  const apt = join(folder, 'apt');
  const packages = join(folder, 'packages');
  for (const part of [
    join(apt, 'lists', 'partial'),
    join(apt, 'cache', 'archives', 'partial'),
    packages,
  ]) {
    mkdirSync(part, { recursive: true });
  }
  const sources = join(apt, 'sources.list');
  const line = (suite) => `deb [signed-by=${keyring}] ${mirror} ${suite} ${components}\n`;
  writeFileSync(sources, suites.map(line).join(''));
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::Lists': join(apt, 'lists'),
    'Dir::Cache': join(apt, 'cache'),
    'Debug::NoLocking': '1',
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '3',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const aptGet = (...args) =>
    execFileSync('apt-get', [...options, ...args], {
      cwd: packages,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  aptGet('update', '-qq');
  const plan = aptGet(
    '-s',
    '-t',
    prefer,
    '--no-install-recommends',
    '--reinstall',
    'install',
    ...PACKAGES,
  );
  // Inst NAME [OLD] (NEW SUITE [ARCH])
  const wanted = [...plan.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+) /gm)].map(
    ([, name, version]) => `${name}=${version}`,
  );
  if (wanted.length === 0) giveUp('apt-get names no package to fetch');
  aptGet('download', '-qq', ...wanted);
  const unpacked = join(folder, 'root');
  for (const file of readdirSync(packages)) {
    execFileSync('dpkg-deb', ['-x', join(packages, file), unpacked]);
  }
  for (const part of [apt, packages]) rmSync(part, { recursive: true });
}

/** Folder of the driver's library below `root`; undefined when it is not there. */
function libraryFolder(root) {
  const parent = join(root, 'usr', 'lib');
  if (!existsSync(parent)) return undefined;
  return readdirSync(parent)
    .map((name) => join(parent, name))
    .find((path) => existsSync(join(path, LIBRARY)));
}

const { values, positionals } = parseArgs({
  options: { folder: { type: 'string' } },
  allowPositionals: true,
});
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const folder = resolve(values.folder ?? join(cache, 'genesis', 'software-vulkan'));
const manifest = join(folder, 'lavapipe.json');
if (!existsSync(manifest)) {
  console.error(`unpacking Mesa's software Vulkan driver to ${folder}`);
  install(folder);
  const libraries = libraryFolder(join(folder, 'root'));
  if (!libraries) giveUp(`the packages hold no ${LIBRARY}`);
  const icd = {
    file_format_version: '1.0.0',
    ICD: { library_path: join(libraries, LIBRARY), api_version: '1.4.305' },
  };
  // Last, so that a folder that has it is whole.
  writeFileSync(`${manifest}.part`, JSON.stringify(icd));
  renameSync(`${manifest}.part`, manifest);
}
const libraries = libraryFolder(join(folder, 'root'));
const environment = {
  VK_DRIVER_FILES: manifest,
  LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
};
if (positionals.length === 0) {
  for (const [name, value] of Object.entries(environment)) console.log(`export ${name}=${value}`);
} else {
  const [command, ...args] = positionals;
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (error) giveUp(error.message);
  process.exit(status ?? 1);
}
