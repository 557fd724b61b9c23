#!/usr/bin/env node
// Packs our own models as tarballs, each checked before: what `npm publish` takes, and what a mirror folder holds.
//
//   node tools/models/pack.mjs --out release/models [NAME…]
//
// Models whose weights are not here, since they are too large for the repository, are passed over and named.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm } from '../release/lib/npm.mjs';
import { genesis, MODELS, modelNames } from './lib.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'release/models' },
    models: { type: 'string', default: MODELS },
  },
});
const out = resolve(options.out);
mkdirSync(out, { recursive: true });
for (const name of positionals.length > 0 ? positionals : modelNames(options.models)) {
  const folder = resolve(options.models, name);
  const { weights } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  if (!existsSync(join(folder, weights))) {
    console.log(`${name}: its weights are not here; tools/models/train.mjs makes them`);
    continue;
  }
  await genesis(['zoo', 'verify', folder]);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', out];
  const [{ filename, size }] = JSON.parse(await npm(args, { cwd: folder }));
  console.log(`${filename.padEnd(56)}${(size / 1024).toFixed(0).padStart(6)} KiB`);
}
