import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Manifest {
  name: string;
  version: string;
  license: string;
  description: string;
  keywords?: string[];
  exports: Record<string, unknown>;
  imports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export const packageNames = readdirSync(`${root}/packages`).sort();

export function manifestOf(name: string): Manifest {
  return JSON.parse(readFileSync(`${root}/packages/${name}/package.json`, 'utf8')) as Manifest;
}

/** The text of a file, by its path relative to the root or an absolute one. */
export function readText(path: string): string {
  return readFileSync(resolve(root, path), 'utf8');
}
