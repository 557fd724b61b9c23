import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import * as cards from '@genesis/zoo/card';
import { readCardFile, verifyModelPackage, writeModelPackage } from '@genesis/zoo/node';
import test from 'ava';
import { card, facts, weightBytes, writeTinyPackage } from './support/model-package.js';

test('the public names', (t) => {
  t.snapshot(Object.keys(cards).sort());
});

test('what a person says is checked field by field', (t) => {
  t.deepEqual(cards.parseModelFacts(facts, 'card.yaml'), facts);
  const refuses = (change: object, pattern: RegExp): void => {
    const value = { ...facts, ...change };
    const error = t.throws(() => cards.parseModelFacts(value, 'card.yaml'), { code: 'bad-card' });
    t.regex(error.message, pattern);
  };
  refuses({ license: undefined }, /^card\.yaml: license is missing$/);
  refuses({ data: [] }, /data/);
  refuses({ data: [{ ...facts.data[0], url: 'javascript:alert(1)' }] }, /data\[0\]\.url/);
  refuses({ data: [{ ...facts.data[0], licence: 'x' }] }, /data\[0\].*licence/);
  refuses({ name: '../escape' }, /name: it must be small letters/);
  refuses({ version: 'latest' }, /version: it must be a version/);
  refuses({ title: 'a\u001b[2Jb' }, /title/);
  refuses({ benefits: [{ ...facts.benefits[0], verdict: 'wins' }] }, /benefits\[0\]\.verdict/);
  refuses({ weights: 'mine' }, /weights/);
});

test('a card of a later format says so, unknown fields of this one are left out', async (t) => {
  const whole = await writeTinyPackage(await tempFolder(t));
  const later = { ...whole, format: 'genesis-model-2' };
  t.regex(
    t.throws(() => cards.parsePublishedModel(later), { code: 'newer-card' }).message,
    /genesis-model-2/,
  );
  t.deepEqual(cards.parsePublishedModel({ ...whole, mood: 'good' }), whole);
  t.throws(() => cards.readPublishedModel('{'), { code: 'bad-card' });
});

test('paths of a card stay inside its package, and what it shows is among its files', async (t) => {
  const whole = await writeTinyPackage(await tempFolder(t));
  for (const path of ['../x', '/x', 'a/../b', 'a\\b', '.hidden', 'C:x', 'a//b', '']) {
    const files = [...whole.files, { path, bytes: 0, sha256: '0'.repeat(64) }];
    t.throws(() => cards.parsePublishedModel({ ...whole, files }), { code: 'bad-card' }, path);
  }
  const other = { ...whole, weights: 'other.safetensors' };
  t.throws(() => cards.parsePublishedModel(other), { message: /not among the files/ });
  const twice = { ...whole, files: [...whole.files, whole.files[0]] };
  t.throws(() => cards.parsePublishedModel(twice), { message: /twice/ });
  const files = [...whole.files, { path: 'model.json', bytes: 0, sha256: '0'.repeat(64) }];
  t.throws(() => cards.parsePublishedModel({ ...whole, files }), { message: /cannot be among/ });
});

test('the page of a model', async (t) => {
  const whole = await writeTinyPackage(await tempFolder(t));
  t.snapshot(cards.renderReadme(whole));
  const marked = { ...whole, title: '<script>a</script>', description: 'a | b\n<img>' };
  t.notRegex(cards.renderReadme(marked), /<script|<img>/);
});

test('a package is whole, the same bytes each time, and takes the place of an earlier one', async (t) => {
  const [one, two] = [await tempFolder(t), await tempFolder(t)];
  await writeModelPackage(
    one,
    { ...card, pictures: [] },
    new Map([
      ['weights.safetensors', weightBytes()],
      ['pictures/old.png', Uint8Array.of(9)],
    ]),
  );
  await writeFile(join(one, 'card.yaml'), 'of its author');
  await writeTinyPackage(one);
  await writeTinyPackage(two);
  t.deepEqual((await readdir(one)).sort(), [
    'README.md',
    'card.yaml',
    'model.json',
    'package.json',
    'pictures',
    'weights.safetensors',
  ]);
  t.deepEqual(await readdir(join(one, 'pictures')), ['crop1-1.png']);
  for (const file of ['README.md', 'model.json', 'package.json', 'weights.safetensors']) {
    t.deepEqual(await readFile(join(one, file)), await readFile(join(two, file)), file);
  }
  const { card: found, weights } = await verifyModelPackage(one);
  t.is(weights, join(one, 'weights.safetensors'));
  t.deepEqual(found, await readCardFile(one));
  const manifest = JSON.parse(await readFile(join(one, 'package.json'), 'utf8')) as object;
  t.like(manifest, { name: '@genesis/model-tiny', version: '1.2.3', license: 'Apache-2.0' });
  t.false('scripts' in manifest);
});

test('what differs from the card is found', async (t) => {
  const folder = await tempFolder(t);
  const weights = join(folder, 'weights.safetensors');
  const fails = async (code: string): Promise<void> => {
    await t.throwsAsync(verifyModelPackage(folder), { code });
  };
  await fails('not-found');
  await writeTinyPackage(folder);
  const bytes = await readFile(weights);
  bytes[bytes.length - 1] ^= 1;
  await writeFile(weights, bytes);
  await fails('hash');
  await writeFile(weights, bytes.subarray(1));
  await fails('length');
  await writeModelPackage(
    folder,
    { ...card, pictures: [] },
    new Map([['weights.safetensors', Uint8Array.of(1)]]),
  );
  await fails('bad-package');
  const model = { ...card.model, kind: 'segmentation' };
  const contents = new Map([['weights.safetensors', weightBytes()]]);
  await writeModelPackage(folder, { ...card, model, pictures: [] }, contents);
  await fails('bad-package');
});
