import { execFileSync } from 'node:child_process';
import { BuildError, NoCompilerError } from './error.mjs';
import { addonFlags, compileFlags, instructionSets, programFlags, SANITIZERS } from './flags.mjs';

/**
 * @typedef {object} Toolchain
 * @property {string[]} command the compiler and what always follows it
 * @property {string} version
 * @property {Record<string, string[]>} sets flags per instruction set
 * @property {string[]} compile flags of every compilation
 * @property {string[]} program flags that link a program
 * @property {string[]} addon flags that link the addon
 */

function versionOf(command) {
  try {
    return execFileSync(command, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\n')[0]
      .trim();
  } catch {
    return undefined; // not installed: the next candidate is tried
  }
}

/**
 * Finds a compiler for this machine and the flags of every step. Throws BuildError when there is none.
 *
 * @param {{ sanitize?: string, baseOnly?: boolean }} [options]
 * @returns {Toolchain}
 */
export function findToolchain({ sanitize, baseOnly = false } = {}) {
  if (sanitize !== undefined && !(sanitize in SANITIZERS)) {
    throw new BuildError(
      `--sanitize=${sanitize} is not one of ${Object.keys(SANITIZERS).join(', ')}.`,
    );
  }
  const os = process.platform;
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'clang++', 'c++'];
  for (const command of candidates) {
    const version = versionOf(command);
    if (version === undefined) continue;
    const extra = (process.env.CXXFLAGS ?? '').split(/\s+/).filter(Boolean);
    return {
      command: [command],
      version,
      sets: instructionSets(process.arch, baseOnly),
      compile: [...compileFlags({ os, sanitize, baseOnly }), ...extra],
      program: programFlags({ os, sanitize }),
      addon: addonFlags(os),
    };
  }
  throw new NoCompilerError(
    `No C++ compiler was found (tried ${candidates.join(', ')}): install g++ or clang++${os === 'win32' ? ' (MSYS2 has both)' : ''}, or set CXX.`,
  );
}
