import { posix } from 'node:path';

/**
 * Circles inside a folder, at every level: the files and folders in one folder are taken as nodes, an import between two of them
 * (or of what lies in them) as an arrow, and nodes that reach one another are a circle. Type-only imports count.
 *
 * @param {string} folder
 * @param {string[]} files Of the folder.
 * @param {(file: string) => string[]} targetsOf Files that a file imports.
 * @returns {{ members: string[], example: string[] }[]} Nodes of each circle, sorted, and its imports one by one.
 */
export function findCircles(folder, files, targetsOf) {
  /** @type {Map<string, Map<string, Map<string, string>>>} level → node → node → example */
  const levels = new Map();
  for (const file of files) {
    for (const target of targetsOf(file)) {
      if (!target.startsWith(`${folder}/`)) continue;
      const { level, from, to } = splitPaths(file, target);
      if (from === to) continue;
      const arrows = levels.get(level) ?? new Map();
      levels.set(level, arrows);
      const out = arrows.get(from) ?? new Map();
      arrows.set(from, out);
      if (!out.has(to)) out.set(to, `${file} → ${target}`);
    }
  }
  return [...levels.values()].flatMap((arrows) =>
    components(arrows).map((members) => ({
      members: [...members].sort(),
      example: members.flatMap((from) => members.flatMap((to) => arrows.get(from)?.get(to) ?? [])),
    })),
  );
}

/** The folder in which two paths part, and the node that each goes into there. */
function splitPaths(file, target) {
  const a = file.split('/');
  const b = target.split('/');
  let depth = 0;
  while (depth < a.length - 1 && depth < b.length - 1 && a[depth] === b[depth]) depth++;
  return {
    level: a.slice(0, depth).join('/'),
    from: a.slice(0, depth + 1).join('/'),
    to: b.slice(0, depth + 1).join('/'),
  };
}

/** Strongly connected components of more than one node (Tarjan 1972). */
function components(arrows) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const next of arrows.get(node)?.keys() ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const members = stack.splice(stack.indexOf(node));
    if (members.length > 1) found.push(members);
  };
  for (const node of arrows.keys()) if (!index.has(node)) visit(node);
  return found;
}

/**
 * Gives the files that a file imports: relative paths, and aliases of the manifest under all their conditions.
 *
 * @param {import('./workspace.mjs').Unit} unit
 * @param {(file: string) => { specifier: string }[]} importsOf
 */
export function targetsIn(unit, importsOf) {
  const known = new Set(unit.files);
  const source = (path) =>
    [path, path.replace(/\.js$/, '.ts'), path.replace(/\.mjs$/, '.mts')].find((one) =>
      known.has(one),
    );
  const built = (path) => posix.join(unit.folder, path.replace(/^\.\/dist\//, 'src/'));
  return (file) =>
    importsOf(file).flatMap(({ specifier }) => {
      const paths = specifier.startsWith('.')
        ? [posix.join(posix.dirname(file), specifier)]
        : conditions(unit.manifest.imports?.[specifier]).map(built);
      return paths.flatMap((path) => source(path) ?? []);
    });
}

function conditions(target) {
  if (typeof target === 'string') return target.startsWith('./') ? [target] : [];
  return Object.values(target ?? {}).flatMap(conditions);
}
