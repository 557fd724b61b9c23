import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** How the hub is used here, from the environment. */
export interface HubSettings {
  /** Folder of what was fetched: `$GENESIS_CACHE`, `$XDG_CACHE_HOME/genesis`, `~/.cache/genesis`. */
  readonly cache: string;
  /** Nothing is fetched: `$GENESIS_OFFLINE`. */
  readonly offline: boolean;
  /** A folder with packages that is looked at first: `$GENESIS_MIRROR`. */
  readonly mirror?: string;
  /** Where repositories of `hf:` are: `$HF_ENDPOINT`. */
  readonly hfEndpoint: string;
  /** Where the search for installed packages and `.npmrc` begins. */
  readonly cwd: string;
  /** Where it is looked up which registry a package has. */
  readonly env: NodeJS.ProcessEnv;
}

/** The settings that hold in this process, but for those that are given. */
export function hubSettings(given: Partial<HubSettings> = {}): HubSettings {
  const { env = process.env } = given;
  const cacheHome = filled(env.XDG_CACHE_HOME) ?? join(homedir(), '.cache');
  return {
    cache: given.cache ?? filled(env.GENESIS_CACHE) ?? join(cacheHome, 'genesis'),
    offline: given.offline ?? /^(1|true|yes|on)$/i.test(env.GENESIS_OFFLINE ?? ''),
    mirror: given.mirror ?? filled(env.GENESIS_MIRROR),
    hfEndpoint: withoutSlash(
      given.hfEndpoint ?? filled(env.HF_ENDPOINT) ?? 'https://huggingface.co',
    ),
    cwd: given.cwd ?? process.cwd(),
    env,
  };
}

/**
 * The registry of a package, as npm finds it: that of its scope before the one of all; the environment before the project's `.npmrc`
 * before the user's. Logins in those files are not read.
 */
export async function registryOf(packageName: string, settings: HubSettings): Promise<string> {
  const { env } = settings;
  const scope = /^(@[^/]+)\//.exec(packageName)?.[1];
  const user = filled(env.npm_config_userconfig) ?? join(homedir(), '.npmrc');
  const layers = [
    fromEnvironment(env),
    await readNpmrc(await projectNpmrc(settings.cwd), env),
    await readNpmrc(user, env),
  ];
  const keys = scope === undefined ? ['registry'] : [`${scope}:registry`, 'registry'];
  const found = keys.flatMap((key) => layers.map((layer) => layer.get(key)));
  const registry = found.find((one) => one !== undefined);
  return withoutSlash(registry ?? 'https://registry.npmjs.org');
}

/** `npm_config_registry`, in any letters. */
function fromEnvironment(env: NodeJS.ProcessEnv): Map<string, string> {
  const entries = Object.entries(env).flatMap(([key, value]) => {
    const name = /^npm_config_(.*registry)$/i.exec(key)?.[1];
    return name === undefined || !filled(value)
      ? []
      : [[name.toLowerCase(), String(value)] as const];
  });
  return new Map(entries);
}

/** The nearest file above `folder`, undefined when there is none. */
async function projectNpmrc(folder: string): Promise<string | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, '.npmrc');
    if ((await readFile(file).catch(() => undefined)) !== undefined) return file;
    if (dirname(at) === at) return undefined;
  }
}

async function readNpmrc(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Map<string, string>> {
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*((?:@[^=\s:]+:)?registry)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    if (key === undefined) continue;
    const bare = value.replace(/^(["'])(.*)\1$/, '$2');
    values.set(
      key,
      bare.replace(/\$\{(\w+)\}/g, (all, name: string) => env[name] ?? all),
    );
  }
  return values;
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
