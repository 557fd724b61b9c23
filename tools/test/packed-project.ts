import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageNames, root } from './repository.js';

/** What npm says about a tarball. */
export interface Packed {
  filename: string;
  files: { path: string }[];
}

/** An empty project with the tarballs of all packages installed, as a user would have them. */
export interface PackedProject {
  readonly folder: string;
  /** By package name without scope. */
  readonly tarballs: ReadonlyMap<string, Packed>;
}

/** Packs every package and installs the tarballs in a new folder, which the caller removes. */
export function packedProject(): PackedProject {
  const folder = mkdtempSync(join(tmpdir(), 'genesis-pack-'));
  const tarballs = new Map<string, Packed>();
  for (const name of packageNames) {
    const output = execFileSync(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
      { cwd: `${root}/packages/${name}`, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    tarballs.set(name, (JSON.parse(output) as Packed[])[0]);
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  execFileSync(
    'npm',
    [
      ...['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
      '--ignore-scripts',
      ...[...tarballs.values()].map(({ filename }) => `./${filename}`),
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  return { folder, tarballs };
}

/** Runs the installed genesis command in a folder. */
export function runGenesis(
  project: PackedProject,
  cwd: string,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } {
  const bin = join(project.folder, 'node_modules', '.bin', 'genesis');
  return spawnSync(bin, args, { cwd, encoding: 'utf8' });
}
