// Checks what a linter of single files cannot see: which package may know which, and that imports inside a package go one way.
//
//   node tools/lint/lint.mjs [ROOT]
//
// Prints one line an offence and ends with 1 when there are any.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkImports } from './check-imports.mjs';
import { checkManifests } from './check-manifests.mjs';
import { findCircles, targetsIn } from './find-circles.mjs';
import { readImports } from './read-imports.mjs';
import { readManifest, readUnits } from './workspace.mjs';

const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const units = readUnits(root);
const cache = new Map();
const importsOf = (file) => {
  if (!cache.has(file)) cache.set(file, readImports(join(root, file)));
  return cache.get(file);
};

const listed = join(root, 'tools/lint/with-circles.json');
/** Packages whose circles are still to be mended; the list only shrinks. */
const tolerated = existsSync(listed) ? JSON.parse(readFileSync(listed, 'utf8')) : [];
const circles = units.map((unit) => ({
  folder: unit.folder,
  found: findCircles(unit.folder, unit.files, targetsIn(unit, importsOf)),
}));
const offences = [
  ...checkManifests(units),
  ...checkImports(units, importsOf, readManifest(root)),
  ...circles
    .filter(({ folder }) => !tolerated.includes(folder))
    .flatMap(({ found }) => found)
    .map(({ members, example }) => `${members.join(' ')}  circle:\n    ${example.join('\n    ')}`),
  ...circles
    .filter(({ folder, found }) => tolerated.includes(folder) && found.length === 0)
    .map(
      ({ folder }) => `${folder}  circle: none is left; take it off tools/lint/with-circles.json`,
    ),
];
for (const offence of offences) console.error(offence);
if (offences.length > 0) console.error(`${offences.length} offences`);
process.exit(offences.length > 0 ? 1 : 0);
