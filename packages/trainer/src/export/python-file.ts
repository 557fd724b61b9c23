import { readFile } from 'node:fs/promises';

/** A Python file of this package that goes along with exported weights. */
export function pythonFile(name: 'predict.py' | 'network.py'): Promise<string> {
  return readFile(new URL(`../../python/${name}`, import.meta.url), 'utf8');
}
