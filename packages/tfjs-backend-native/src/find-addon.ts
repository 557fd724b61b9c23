import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeUnavailableError } from './errors.js';
import { manifest } from './manifest.js';
import { platformName } from './platform.js';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../', import.meta.url));

/** An addon that was loaded. */
export interface FoundAddon<A> {
  readonly addon: A;
  /** The file that it came from. */
  readonly path: string;
}

/** The command that compiles the addon of this very installation, from where the user stands. */
function buildCommand(): string {
  const local = root.startsWith(`${process.cwd()}${sep}node_modules${sep}`);
  return local ? `npx ${manifest.name} build` : `node "${root}bin/tfjs-backend-native.mjs" build`;
}

/** Where the platform's package is installed, what is wrong with it, or neither where it is not installed. */
function platformPackage(name: string): { path?: string; problem?: string } {
  let path: string;
  try {
    path = require.resolve(`${name}/genesis.node`);
  } catch {
    return {}; // not installed
  }
  const { version } = require(`${name}/package.json`) as { version: string };
  if (version === manifest.version) return { path };
  return { problem: `${name} has version ${version}, not ${manifest.version}` };
}

/**
 * Loads the addon: what GENESIS_NATIVE_ADDON names, and nothing else; or the platform's package; or what was compiled
 * here. One that does not load is passed over for the next.
 *
 * @param check says what is wrong with an addon that loads, or nothing
 * @throws NativeUnavailableError with the reason and the command that mends it
 */
export function findAddon<A>(check: (addon: A) => string | undefined): FoundAddon<A> {
  const problems: string[] = [];
  const tryToLoad = (path: string): FoundAddon<A> | undefined => {
    try {
      const addon = require(path) as A;
      const problem = check(addon);
      if (problem === undefined) return { addon, path };
      problems.push(`${path} ${problem}`);
    } catch (error) {
      problems.push(`${path} cannot be loaded (${(error as Error).message})`);
    }
    return undefined;
  };

  const named = process.env.GENESIS_NATIVE_ADDON;
  if (named) {
    const found = tryToLoad(named);
    if (found) return found;
    throw new NativeUnavailableError(`GENESIS_NATIVE_ADDON: ${problems[0]}.`);
  }

  const name = `${manifest.name}-${platformName()}`;
  const installed = platformPackage(name);
  if (installed.problem !== undefined) problems.push(installed.problem);
  const compiled = `${root}build/native/genesis.node`;
  for (const path of [installed.path, existsSync(compiled) ? compiled : undefined]) {
    const found = path === undefined ? undefined : tryToLoad(path);
    if (found) return found;
  }

  const published = manifest.optionalDependencies?.[name] !== undefined;
  if (published && installed.path === undefined) {
    if (installed.problem === undefined) {
      problems.unshift(
        `the package ${name} is not installed (optional dependencies were left out, or node_modules comes from another system)`,
      );
    }
    const command = `npm install ${name}@${manifest.version}`;
    throw new NativeUnavailableError(`${problems.join('; ')}. Run "${command}".`, command);
  }
  if (problems.length === 0)
    problems.push(`there is no prebuilt addon for ${platformName()}, and none was compiled`);
  const command = buildCommand();
  throw new NativeUnavailableError(
    `${problems.join('; ')}. Run "${command}" (a C++ compiler is needed).`,
    command,
  );
}
