import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * Every module that a file names: static, dynamic and type-only imports, re-exports and `import('…')` types.
 *
 * @param {string} path
 * @returns {{ specifier: string, line: number }[]}
 */
export function readImports(path) {
  const text = readFileSync(path, 'utf8');
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: text.slice(0, pos).split('\n').length,
  }));
}
