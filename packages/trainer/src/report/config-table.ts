import { factTable } from './page.js';

/** The resolved options, folded away. */
export function configTable(config: Readonly<Record<string, unknown>>): string {
  const facts = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  return `<details><summary>All options</summary>${factTable(facts)}</details>`;
}
