import { writeFile } from 'node:fs/promises';

/** Writes what is to be said of a model that was trained on phantoms. */
export function writeModelFacts(path: string, change: object = {}): Promise<void> {
  const facts = {
    name: 'phantom-test',
    version: '0.1.0',
    title: 'Phantoms',
    description: 'A network of a test.',
    license: 'Apache-2.0',
    modality: ['CT'],
    data: [
      {
        name: 'Phantoms',
        license: 'Apache-2.0',
        url: 'https://example.org/phantoms',
        volumes: 4,
      },
    ],
    limitations: ['Phantoms are no patients.'],
    intendedUse: 'Tests.',
    citation: 'None.',
    ...change,
  };
  return writeFile(path, JSON.stringify(facts));
}
