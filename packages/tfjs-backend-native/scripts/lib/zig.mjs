// One compiler for all targets: Zig's package carries clang, the C and C++ libraries and the headers of every system.
// `pip install ziglang` installs it without administrator's rights.
import { execFileSync } from 'node:child_process';
import { NoCompilerError } from './error.mjs';
import { addonFlags, compileFlags, instructionSets } from './flags.mjs';

function versionOf(command) {
  try {
    const [file, ...rest] = command;
    return execFileSync(file, [...rest, 'version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // not installed: the next candidate is tried
  }
}

/** How Zig is called here: ZIG, zig, or the package of Python. Throws NoCompilerError. */
function findZig() {
  const candidates = process.env.ZIG
    ? [process.env.ZIG.split(' ')]
    : [['zig'], ...['python3', 'python'].map((python) => [python, '-m', 'ziglang'])];
  for (const command of candidates) {
    const version = versionOf(command);
    if (version !== undefined) return { command, version: `zig ${version}` };
  }
  throw new NoCompilerError(
    'Zig was not found: run "pip install ziglang", or set ZIG to its command.',
  );
}

/** Names that the addon gives away; its C++ library's would meet another one's in the process. */
export const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/**
 * The compiler for a target of targets.mjs. Throws NoCompilerError.
 *
 * @param {string} versionScript path of a file that names EXPORTS, for ELF
 * @returns {import('./toolchain.mjs').Toolchain}
 */
export function crossToolchain({ os, cpu, triple }, versionScript) {
  const { command, version } = findZig();
  // Zig takes "-static" with "-shared" for an archive, and knows no "-bundle": Node loads any dynamic library.
  const addon = {
    linux: [...addonFlags('linux'), `-Wl,--version-script=${versionScript}`],
    darwin: [
      ...['-dynamiclib', '-Wl,-undefined,dynamic_lookup', '-Wl,-dead_strip', '-s'],
      '-Wl,-install_name,@rpath/genesis.node',
    ],
    win32: ['-shared', '-s'],
  };
  return {
    command: [...command, 'c++', '-target', triple],
    version,
    sets: instructionSets(cpu),
    // No debug information, which names the folders of this machine.
    compile: [...compileFlags({ os }), '-g0'],
    program: ['-pthread', '-s'],
    addon: addon[os],
  };
}
