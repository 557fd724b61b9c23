import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { allFiles, nativeRoot, nodeHeaders, sources } from './paths.mjs';

/** The addon cannot be built; the message says why and what to do. */
export class BuildError extends Error {
  code = 'build-failed';
}

/** This machine has no MPI to compile against. */
export class NoMpiError extends BuildError {}

/** What the compiler of MPI calls: two libraries' compilers of one name differ here. */
function describe(command) {
  for (const flag of ['-show', '--version']) {
    try {
      return execFileSync(command, [flag], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    } catch {
      // not installed, or without this flag
    }
  }
  return undefined;
}

function findCompiler() {
  if (process.platform === 'win32') {
    throw new NoMpiError('MPI is not supported on Windows: use Linux, macOS or Node inside WSL.');
  }
  const candidates = process.env.MPICXX ? [process.env.MPICXX] : ['mpicxx', 'mpic++', 'mpiCC'];
  for (const command of candidates) {
    const description = describe(command);
    if (description !== undefined) return { command, description };
  }
  throw new NoMpiError(
    `No compiler of an MPI library was found (tried ${candidates.join(', ')}): install Open MPI or MPICH with its headers (Debian: libopenmpi-dev openmpi-bin), or set MPICXX.`,
  );
}

const FLAGS = [
  '-std=c++17',
  '-O3',
  '-fPIC',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  // Of MPI's own headers.
  '-Wno-cast-function-type',
  '-DOMPI_SKIP_MPICXX',
  '-DMPICH_SKIP_MPICXX',
  '-DNAPI_VERSION=8',
  '-pthread',
];

const LINKING =
  process.platform === 'darwin'
    ? ['-bundle', '-undefined', 'dynamic_lookup']
    : // nodelete: a worker that ends must not unmap code that the thread of MPI still runs.
      ['-shared', '-Wl,-z,nodelete', '-Wl,-z,relro', '-s'];

/**
 * Compiles the addon to `output`, unless the one there was made of the same files by the same compiler.
 *
 * @returns whether it was compiled.
 * @throws NoMpiError, BuildError
 */
export function compile(output) {
  const { command, description } = findCompiler();
  const extra = (process.env.CXXFLAGS ?? '').split(/\s+/).filter(Boolean);
  const flags = [...FLAGS, `-I${nativeRoot}`, `-I${nodeHeaders()}`, ...extra];
  const hash = createHash('sha256').update([command, description, ...flags, ...LINKING].join('\0'));
  for (const file of allFiles()) hash.update(readFileSync(file));
  const key = hash.digest('hex');
  const manifest = `${output}.json`;
  if (existsSync(output) && existsSync(manifest) && readFileSync(manifest, 'utf8') === key)
    return false;
  mkdirSync(dirname(output), { recursive: true });
  const fresh = `${output}.${process.pid}.new`;
  try {
    execFileSync(command, [...flags, ...sources(), ...LINKING, '-o', fresh], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    renameSync(fresh, output);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new BuildError(`${command} failed:\n${error.stderr || error.message}`);
  }
  writeFileSync(manifest, key);
  return true;
}
