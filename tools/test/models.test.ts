import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { phantom } from '@genesis/trainer';
import { catalog } from '@genesis/zoo';
import { renderReadme } from '@genesis/zoo/card';
import { readCardFile, verifyModelPackage } from '@genesis/zoo/node';
import test from 'ava';
import { parse } from 'yaml';
import { root } from './repository.js';

const folder = `${root}/models`;
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Bytes of weights in the repository at most. */
const MOST = 3e6;

test('the catalog names the models that are here', (t) => {
  t.deepEqual(catalog.map(({ name }) => name).sort(), names.sort());
});

for (const name of names) {
  test(`${name}: its package fits its card, its card fits its recipe`, async (t) => {
    const path = join(folder, name);
    const card = await readCardFile(path);
    t.is(card.name, name);
    t.is(readFileSync(join(path, 'README.md'), 'utf8'), renderReadme(card));
    const { title, license } = card;
    t.deepEqual(
      catalog.find((one) => one.name === name),
      { name, title, license },
    );
    const weights = card.files.find((file) => file.path === card.weights);
    const isHere = existsSync(join(path, card.weights));
    if ((weights?.bytes ?? 0) <= MOST) t.true(isHere, 'weights of this size are committed');
    if (isHere) await verifyModelPackage(path);
    for (const file of card.files) {
      if (file !== weights) t.is(statSync(join(path, file.path)).size, file.bytes, file.path);
    }
    const recipe = parse(readFileSync(join(path, 'recipe.yaml'), 'utf8')) as object;
    t.like(card.recipe.options, recipe);
  });
}

test('a model is trained by its recipe, packed and checked by one command', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'genesis-models-'));
  t.teardown(() => rmSync(home, { recursive: true, force: true }));
  const models = join(home, 'models');
  mkdirSync(join(models, 'tiny'), { recursive: true });
  await phantom({ out: join(home, 'scans'), count: 2, shape: [24, 24, 24] });
  const recipe =
    'width: 4\nlevels: 2\ncrop: [16, 16, 16]\nbatch: 2\nepochs: 1\ncropsPerVolume: 2\nvalidationCrops: 2\nseed: 3\n';
  writeFileSync(join(models, 'tiny', 'recipe.yaml'), recipe);
  const card = {
    name: 'tiny',
    version: '0.1.0',
    title: 'Tiny',
    description: 'Of a test.',
    license: 'Apache-2.0',
    modality: ['CT'],
    data: [{ name: 'Phantoms', license: 'Apache-2.0', url: 'https://example.org', volumes: 2 }],
    limitations: ['Phantoms are no patients.'],
    intendedUse: 'Tests.',
    citation: 'None.',
  };
  writeFileSync(join(models, 'tiny', 'card.yaml'), JSON.stringify(card));
  const run = (script: string, ...args: string[]) =>
    spawnSync(process.execPath, [`${root}/tools/models/${script}`, ...args], { encoding: 'utf8' });
  const train = [
    'tiny',
    '--data',
    join(home, 'scans'),
    '--run',
    join(home, 'run'),
    '--models',
    models,
  ];
  const trained = run('train.mjs', ...train);
  t.is(trained.status, 0, trained.stderr);
  const { card: published } = await verifyModelPackage(join(models, 'tiny'));
  t.like(published, {
    name: 'tiny',
    recipe: { command: 'pretrain', options: { seed: 3, width: 4 } },
  });
  const packed = run('pack.mjs', '--models', models, '--out', join(home, 'out'));
  t.is(packed.status, 0, packed.stderr);
  t.deepEqual(readdirSync(join(home, 'out')), ['genesis-model-tiny-0.1.0.tgz']);
});
