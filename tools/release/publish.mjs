#!/usr/bin/env node
// Publishes what pack.mjs packed. Versions that the registry has already are passed over, so that a release that broke off
// goes on where it was, and packages that did not change are left alone.
//
//   node tools/release/publish.mjs --from release [--registry URL] [--provenance]

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm } from './lib/npm.mjs';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', default: 'release' },
    registry: { type: 'string' },
    provenance: { type: 'boolean', default: false },
  },
});
const from = resolve(options.from);
const registry = options.registry === undefined ? [] : ['--registry', options.registry];

async function isPublished({ name, version }) {
  try {
    return (await npm(['view', `${name}@${version}`, 'version', ...registry])).trim() === version;
  } catch (error) {
    if (/E404|404 Not Found|ETARGET/.test(error.message)) return false;
    throw error;
  }
}

for (const tarball of JSON.parse(readFileSync(join(from, 'release.json'), 'utf8'))) {
  const title = `${tarball.name}@${tarball.version}`;
  if (await isPublished(tarball)) {
    console.log(`${title} is there already`);
    continue;
  }
  await npm([
    ...['publish', join(from, tarball.file), '--access', 'public'],
    `--provenance=${options.provenance}`,
    ...registry,
  ]);
  console.log(`${title} published`);
}
