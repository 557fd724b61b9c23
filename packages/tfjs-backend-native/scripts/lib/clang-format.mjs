import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { allFiles, nativeRoot } from './sources.mjs';

/** Versions from this one on lay native/.clang-format's style out alike (tried: 14 to 21). */
const OLDEST = 14;

/** The command of a clang-format that knows the style; undefined when there is none. CLANG_FORMAT names another. */
export function findClangFormat() {
  const command = process.env.CLANG_FORMAT ?? 'clang-format';
  try {
    const version = execFileSync(command, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(/version (\d+)/.exec(version)?.[1]) >= OLDEST ? command : undefined;
  } catch {
    return undefined; // not installed
  }
}

/** Every C++ file, as absolute paths. */
export function cppFiles() {
  return allFiles().map((name) => join(nativeRoot, name));
}
