import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { TrainerError } from '@genesis/trainer';
import test from 'ava';
import { readConfigFile } from '#src/config/read-config-file.js';
import { resolveConfig } from '#src/config/resolve-config.js';
import { editDistance, suggest } from '#src/config/suggest.js';
import { pretrainOptionsFor } from '#src/tasks/pretrain/options.js';
import { segmentationOptions } from '#src/tasks/segmentation/options.js';

const pretrainOptions = pretrainOptionsFor({});
const needed = { images: 'in', out: 'run' };

test('defaults: sizes and deformations of the reference, Adam', (t) => {
  const config = resolveConfig(pretrainOptions, needed);
  t.deepEqual(config.crop, [64, 64, 32]);
  t.is(config.batch, 6);
  t.is(config.optimizer, 'adam');
  t.is(config.patience, 50);
  t.is(config.seed, 0);
  t.is(config.proxyTask, 'genesis');
});

test('flags win over the file, the file wins over defaults', (t) => {
  const config = resolveConfig(
    pretrainOptions,
    { ...needed, batch: 2, epochs: undefined },
    { batch: 3, epochs: 7 },
    'genesis.yaml',
  );
  t.is(config.batch, 2);
  t.is(config.epochs, 7);
});

for (const [name, file, message] of [
  ['an unknown key', { bach: 4 }, "unknown option 'bach' in c.yaml; did you mean 'batch'?"],
  [
    'an unknown key inside',
    { deformations: { flip: { rat: 1 } } },
    "unknown option 'deformations.flip.rat' in c.yaml; did you mean 'rate'?",
  ],
  [
    'another case',
    { Learning_Rate: 1 },
    "unknown option 'Learning_Rate' in c.yaml; did you mean 'learningRate'?",
  ],
] as const) {
  test(`${name} is an error with a suggestion`, (t) => {
    const error = t.throws(() => resolveConfig(pretrainOptions, needed, file, 'c.yaml'), {
      instanceOf: TrainerError,
    });
    t.is(error?.code, 'bad-config');
    t.is(error?.message, message);
  });
}

test('a key like no other lists what there is', (t) => {
  const error = t.throws(() => resolveConfig(segmentationOptions, { xyzzy: 1 }));
  t.regex(error?.message ?? '', /^unknown option 'xyzzy'; known options: task, images, labels,/);
});

test('wrong values name the option, its value and its origin', (t) => {
  const message = (flags: object, file = {}): string =>
    t.throws(() => resolveConfig(pretrainOptions, { ...needed, ...flags }, file, 'c.yaml'))
      ?.message ?? '';
  t.regex(message({ batch: 0 }), /^option 'batch' is 0: /);
  t.regex(message({}, { batch: 'six' }), /^option 'batch' in c\.yaml is "six": /);
  t.regex(message({ crop: [64, 64] }), /^option 'crop' is \[64,64\]: /);
  t.regex(message({ engine: 'gpu' }), /^option 'engine' is "gpu": /);
  t.regex(message({ orientation: 'XYZ' }), /^option 'orientation' is "XYZ": /);
  t.is(
    t.throws(() => resolveConfig(pretrainOptions, { out: 'run' }))?.message,
    "the option 'images' is missing",
  );
});

test('files may be JSON or YAML, and must hold options', async (t) => {
  const folder = await tempFolder(t);
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  t.deepEqual(await readConfigFile(await write('a.json', '{"batch": 2}')), { batch: 2 });
  t.deepEqual(await readConfigFile(await write('b.yaml', 'batch: 2\ncrop: [8, 8, 8]\n')), {
    batch: 2,
    crop: [8, 8, 8],
  });
  for (const [name, text] of [
    ['c.json', '{batch: 2'],
    ['d.yaml', '- 1\n- 2\n'],
    ['e.yaml', ''],
  ]) {
    const path = await write(name, text);
    const error = await t.throwsAsync(() => readConfigFile(path), { instanceOf: TrainerError });
    t.true(error?.message.includes(path), error?.message);
  }
  await t.throwsAsync(() => readConfigFile(join(folder, 'none.yaml')), {
    message: /none\.yaml: no such file or folder$/,
  });
});

test('edit distance and suggestions', (t) => {
  t.is(editDistance('', 'abc'), 3);
  t.is(editDistance('kitten', 'sitting'), 3);
  t.is(editDistance('ab', 'ba'), 1);
  t.is(suggest('epocs', ['batch', 'epochs']), 'epochs');
  t.is(suggest('crops-per-volume', ['cropsPerVolume']), 'cropsPerVolume');
  t.is(suggest('zzz', ['batch', 'epochs']), undefined);
});

test('every unknown option is named, with what it may be', (t) => {
  const error = t.throws(
    () => resolveConfig(pretrainOptions, needed, { epoch: 3, quux: 1, crop: [1, 2] }, 'c.yaml'),
    { instanceOf: TrainerError },
  );
  t.regex(
    error.message,
    /^unknown option 'epoch' in c\.yaml; did you mean 'epochs'\?; unknown option 'quux' in c\.yaml; known options: .*; option 'crop' in c\.yaml is \[1,2\]: 3 values or more are needed$/,
  );
});
