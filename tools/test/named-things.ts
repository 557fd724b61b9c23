import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of a tree that hold nothing of ours. */
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'fixtures', '.git', '.nx']);

/**
 * What a page names that does not exist. Everything in backticks is looked at:
 *
 * - a path from the root (`packages/core/src/errors.ts`, a folder, with `{a,b}` and `*`), also `path#name`, must exist;
 * - `@genesis/NAME` must be a package, with its subpath among the exports;
 * - a name (`readVolume`, `Replicas.allReduce`, `slideWindows()`) must stand in a file that its paragraph, list item or table row
 *   names with a path; where that names none, in any source file.
 *
 * Code blocks, commands with spaces, flags and values are left to other tests.
 */
export function missingThings(markdown: string, root: string): string[] {
  const prose = markdown.replace(/^```.*?^```$/gms, '');
  return blocksOf(prose).flatMap((block) => {
    const tokens = [...block.matchAll(/`([^`\n]+)`/g)].map(([, token]) => token);
    const paths = tokens.filter(isPath);
    const missing = paths.filter((path) => expand(root, path.replace(/#.*/, '')).length === 0);
    const files = paths.flatMap((path) => expand(root, path.replace(/#.*/, '')));
    for (const token of tokens) {
      if (token.startsWith('@genesis/')) {
        if (!isExport(root, token)) missing.push(token);
        continue;
      }
      const name = isPath(token) ? /#(.+)$/.exec(token)?.[1] : token;
      if (name === undefined || !isName(name)) continue;
      const own = isPath(token) ? expand(root, token.replace(/#.*/, '')) : files;
      const places = own.length > 0 ? own : sourceFolders(root);
      for (const part of name.replace(/\(\)$/, '').split('.')) {
        if (!places.some((place) => holds(place, part))) missing.push(token);
      }
    }
    return missing;
  });
}

/** Paragraphs, list items and table rows. */
function blocksOf(markdown: string): string[] {
  return markdown.split(/\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) ?)/);
}

function isPath(token: string): boolean {
  return /^[\w.][\w./{},*#-]*$/.test(token) && token.includes('/');
}

function isName(token: string): boolean {
  return (
    /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*(\(\))?$/.test(token) &&
    /[a-z][A-Z]|[A-Z]|\(\)|\./.test(token)
  );
}

function isExport(root: string, token: string): boolean {
  const [, name, ...rest] = token.split('/');
  const manifest = join(root, 'packages', name, 'package.json');
  if (!existsSync(manifest)) return false;
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports: object };
  return rest.length === 0 || `./${rest.join('/')}` in exports;
}

/** The files and folders that a path with braces and stars means. */
function expand(root: string, path: string): string[] {
  const braces = /^(.*?)\{([^{}]*)\}(.*)$/.exec(path);
  if (braces) {
    const [, before, choices, after] = braces;
    const each = choices.split(',').map((choice) => expand(root, before + choice + after));
    // One that is missing is the whole path's fault.
    return each.every((found) => found.length > 0) ? each.flat() : [];
  }
  let found = [root];
  for (const part of path.split('/').filter((one) => one !== '' && one !== '.')) {
    found = found.flatMap((folder) => {
      if (!part.includes('*')) return existsSync(join(folder, part)) ? [join(folder, part)] : [];
      const pattern = new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      const names = statSync(folder).isDirectory() ? readdirSync(folder) : [];
      return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
    });
  }
  return found;
}

function sourceFolders(root: string): string[] {
  return ['packages', 'tools', 'examples'].map((name) => join(root, name)).filter(existsSync);
}

const texts = new Map<string, string>();

/** All text of a file, or of the sources below a folder. */
function textOf(path: string): string {
  const known = texts.get(path);
  if (known !== undefined) return known;
  let text = '';
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) if (!SKIPPED.has(name)) text += textOf(join(path, name));
  } else if (/\.(ts|mts|js|mjs|json|c|cc|cpp|h|hpp|inc|py|wgsl)$/.test(path)) {
    text = readFileSync(path, 'utf8');
  }
  texts.set(path, text);
  return text;
}

function holds(place: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(textOf(place));
}
