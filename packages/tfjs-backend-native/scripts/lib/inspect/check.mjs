// What a prebuilt addon must be to load on every machine of its target, read from the file itself.
import { homedir } from 'node:os';
import { BuildError } from '../error.mjs';
import { packageRoot } from '../sources.mjs';
import { OLDEST_GLIBC } from '../targets.mjs';
import { EXPORTS } from '../zig.mjs';
import { inspectElf, isElf } from './elf.mjs';
import { inspectMachO, isMachO } from './mach-o.mjs';
import { inspectPe, isPe } from './pe.mjs';

/** operator new and delete of the C++ library: weak, so that Apple's loader takes the system's for all of them. */
const WEAK_ON_APPLE = /^_Z(n[aw]|d[al])/;

const LARGEST = 2 * 1024 * 1024;

/** Libraries that every such system has; the C++ library is inside. */
const LIBRARIES = {
  glibc: /^(lib(c|m|dl|pthread|rt)\.so\.\d+|ld-linux-[\w-]+\.so\.\d+)$/,
  musl: /^libc\.(musl-\w+\.so\.1|so)$/,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  win32: /^(KERNEL32|ntdll|ADVAPI32|api-ms-win-crt-[\w-]+|msvcrt|ucrtbase)\.dll$/i,
};

/** Reads any of the three formats. Throws BuildError. */
export function inspect(bytes) {
  if (isElf(bytes)) return inspectElf(bytes);
  if (isMachO(bytes)) return inspectMachO(bytes);
  if (isPe(bytes)) return inspectPe(bytes);
  throw new BuildError('The addon is in none of the formats ELF, Mach-O and PE.');
}

/** Greatest version among GLIBC_2.17, …; undefined when there is none. */
export function glibcOf(versions = []) {
  return versions
    .filter((name) => /^GLIBC_\d/.test(name))
    .map((name) => name.slice('GLIBC_'.length))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

function newer(version, oldest) {
  return version.localeCompare(oldest, 'en', { numeric: true }) > 0;
}

/** What is wrong with an addon for a target, as sentences; none when it may be published. */
export function problemsOf(bytes, target) {
  const found = inspect(bytes);
  const problems = [];
  const expect = (condition, problem) => condition || problems.push(problem);
  const { os, cpu, libc } = target;
  expect(found.os === os && found.cpu === cpu, `it is for ${found.os} ${found.cpu}`);
  expect(bytes.length <= LARGEST, `it has ${bytes.length} bytes, more than ${LARGEST}`);
  expect(found.stripped, 'it is not stripped');
  expect(found.searched.length === 0, `it looks for libraries in ${found.searched.join(', ')}`);
  for (const name of found.libraries)
    expect(LIBRARIES[libc ?? os].test(name), `it needs the library ${name}`);
  const exported = found.exports.filter((name) => !(os === 'darwin' && WEAK_ON_APPLE.test(name)));
  for (const name of exported) expect(EXPORTS.includes(name), `it gives ${name} away`);
  expect(found.exports.includes(EXPORTS[0]), `it lacks ${EXPORTS[0]}`);
  const glibc = glibcOf(found.versions);
  expect(glibc === undefined || !newer(glibc, OLDEST_GLIBC), `it needs glibc ${glibc}`);
  if (os === 'darwin') {
    expect(found.loadable, 'it is no library');
    expect(found.signed || cpu !== 'arm64', 'it is not signed, which Arm Macs do not load');
  }
  for (const folder of [packageRoot, homedir()])
    expect(folder.length < 4 || !bytes.includes(folder), `it names the folder ${folder}`);
  return problems;
}
