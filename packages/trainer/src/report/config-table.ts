import type { Block } from './api.js';

/** The resolved options, folded away. */
export function configTable(config: Readonly<Record<string, unknown>>): Block {
  const facts = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  return { kind: 'details', summary: 'All options', blocks: [{ kind: 'facts', facts }] };
}
