import { readFileSync } from 'node:fs';

interface Manifest {
  readonly name: string;
  readonly version: string;
  /** The platform packages; only what is published names them, because a repository compiles its own. */
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The manifest of this package. */
export const manifest = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Manifest;
