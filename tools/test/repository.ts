import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Manifest {
  name: string;
  version: string;
  license: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export const packageNames = readdirSync(`${root}/packages`).sort();

export function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(`${root}/packages/${name}/package.json`, 'utf8')) as Manifest;
}
