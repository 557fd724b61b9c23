import { sep } from 'node:path';

/** Is `path` the folder or below it? Both absolute, links resolved. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
