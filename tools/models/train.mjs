#!/usr/bin/env node
// Trains a model of the folder models by its recipe and packs it there.
//
//   node tools/models/train.mjs genesis-ct --data DIR
//
//   --data DIR      the images that card.yaml names
//   --labels DIR    their labels, for a recipe that fine-tunes
//   --run DIR       folder of the run, default genesis-runs/models/NAME; one that is there is continued
//   --models DIR    another folder of models
//   --samples N     pictures of the report that go along; 0 where the data may not be shown
//
// Reads models/NAME/recipe.yaml (options of `genesis pretrain`, or of `genesis finetune` when it has a task) and models/NAME/card.yaml
// (what is to be said of the model). Needs the packages built.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../release/lib/packages.mjs';
import { genesis, MODELS } from './lib.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    labels: { type: 'string' },
    run: { type: 'string' },
    models: { type: 'string', default: MODELS },
    samples: { type: 'string', default: '3' },
  },
});
const [name] = positionals;
if (name === undefined || options.data === undefined) {
  console.error('node tools/models/train.mjs NAME --data DIR');
  process.exit(2);
}
const models = resolve(options.models);
const folder = join(models, name);
const run = resolve(options.run ?? join(root, 'genesis-runs', 'models', name));
const recipe = join(folder, 'recipe.yaml');
const command = /^task:/m.test(readFileSync(recipe, 'utf8')) ? 'finetune' : 'pretrain';
const data = ['--images', resolve(options.data)];
if (options.labels !== undefined) data.push('--labels', resolve(options.labels));
const resume = existsSync(join(run, 'checkpoints', 'last.safetensors')) ? ['--resume'] : [];
// A recipe that starts from another of our models finds it in the folder of models.
const env = { GENESIS_MIRROR: models };
await genesis([command, '--config', recipe, ...data, '--out', run, ...resume], env);
const card = join(folder, 'card.yaml');
await genesis(['zoo', 'push', run, '--out', folder, '--card', card, '--samples', options.samples]);
await genesis(['zoo', 'verify', folder]);
