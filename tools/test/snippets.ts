import { existsSync, readFileSync } from 'node:fs';
import { packageNames, root } from './repository.js';

/** A code block of a README. */
export interface Snippet {
  /** Of the README, relative to the root. */
  readonly file: string;
  /** Of its first line. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

/** The README of the repository and those of the packages, relative to the root. */
export const readmes = [
  'README.md',
  ...packageNames.map((name) => `packages/${name}/README.md`),
].filter((file) => existsSync(`${root}/${file}`));

/** The code blocks of all READMEs in one of these languages. */
export function snippetsIn(...languages: string[]): Snippet[] {
  return readmes.flatMap((file) => {
    const found: Snippet[] = [];
    const text = readFileSync(`${root}/${file}`, 'utf8');
    for (const match of text.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
      const line = text.slice(0, match.index).split('\n').length + 1;
      const [, language, code] = match;
      if (languages.includes(language)) found.push({ file, line, language, code });
    }
    return found;
  });
}

/** The links and pictures of a Markdown text that are no addresses. */
export function relativeLinks(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^https?:/.test(target));
}
