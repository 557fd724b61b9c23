// Checks what a linter of single files cannot see: which package may know which, and that imports inside a package go one way.
//
//   node tools/lint/lint.mjs [ROOT]
//
// Prints one line an offence and ends with 1 when there are any.
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

const circles = units.flatMap((unit) =>
  findCircles(unit.folder, unit.files, targetsIn(unit, importsOf)),
);
const offences = [
  ...checkManifests(units),
  ...checkImports(units, importsOf, readManifest(root)),
  ...circles.map(
    ({ members, example }) => `${members.join(' ')}  circle:\n    ${example.join('\n    ')}`,
  ),
];
for (const offence of offences) console.error(offence);
if (offences.length > 0) console.error(`${offences.length} offences`);
process.exit(offences.length > 0 ? 1 : 0);
