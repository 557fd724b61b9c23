import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publish, tempFolder, webServer } from '@genesis/testing';
import { evaluate, finetune, modelInfo, predict, pretrain, pushModel } from '@genesis/trainer';
import { readVolume } from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';
import { writeModelFacts } from '../helpers/model-facts.js';
import { runCli } from '../helpers/run-cli.js';
import { writeBalls, writePhantoms } from '../helpers/volumes.js';

/** The archive that npm makes of a package. */
async function npmPack(folder: string, out: string): Promise<Uint8Array> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', out];
  await promisify(execFile)('npm', args, { cwd: folder });
  const [file] = (await readdir(out)).filter((name) => name.endsWith('.tgz'));
  return readFile(join(out, file));
}

/** What a run or a prediction says. */
function notes(): { readonly all: string[]; readonly onNote: (text: string) => void } {
  const all: string[] = [];
  return { all, onNote: (text) => void all.push(text) };
}

async function packRun(
  t: ExecutionContext,
  run: string,
  name: string,
): Promise<{ readonly folder: string; readonly archive: Uint8Array }> {
  const folder = join(await tempFolder(t), name);
  const card = join(await tempFolder(t), 'card.json');
  await writeModelFacts(card, { name });
  await pushModel({ run, card, out: folder });
  return { folder, archive: await npmPack(folder, await tempFolder(t)) };
}

test('train, push, pack, pull from a registry, fine-tune from it, predict with it', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const server = await webServer(t);
  process.env.npm_config_registry = server.url;
  process.env.GENESIS_CACHE = at('cache');
  const small = { batch: 2, epochs: 1, cropsPerVolume: 2 } as const;
  await writePhantoms(at('ct'), 2, [24, 24, 24]);
  await pretrain({
    ...small,
    images: at('ct'),
    out: at('pre'),
    width: 4,
    levels: 2,
    crop: [16, 16, 16],
    validationCrops: 2,
  });
  const pre = await packRun(t, at('pre'), 'phantom-pre');
  publish(server, '@genesis/model-phantom-pre', { '0.1.0': pre.archive });

  await writeBalls(at('seg'), 3, [16, 16, 16]);
  const said: string[] = [];
  const tuned = await finetune({
    ...small,
    task: 'segmentation',
    images: at('seg', 'images'),
    labels: at('seg', 'labels'),
    init: 'zoo:phantom-pre',
    out: at('tuned'),
    onEvent: (event) => {
      if (event.type === 'note') said.push(event.text);
    },
  });
  t.is(tuned.epochs, 1);
  t.true(said.some((text) => /^phantom-pre 0\.1\.0 is under Apache-2\.0/.test(text)));
  const transfer = said.find((text) => text.startsWith('weights from'));
  t.regex(
    transfer ?? '',
    /^weights from npm:@genesis\/model-phantom-pre@0\.1\.0: \d+ tensors matched/,
  );
  t.regex(
    transfer ?? '',
    /random: head\.conv\.kernel \(.*1×.* in the file/,
    'other classes are said',
  );

  const seg = await packRun(t, at('tuned'), 'phantom-seg');
  publish(server, '@genesis/model-phantom-seg', { '0.1.0': seg.archive });
  t.is(
    (await modelInfo(seg.folder)).published?.training.start,
    'npm:@genesis/model-phantom-pre@0.1.0',
  );
  const pulled = await runCli(['zoo', 'pull', 'phantom-seg', '--to', at('copy')]);
  t.is(pulled.code, 0, pulled.stderr);
  t.is(pulled.stdout, `phantom-seg 0.1.0: ${at('copy')}\n`);
  t.regex(pulled.stderr, /fetching http.*\nphantom-seg 0\.1\.0 is under Apache-2\.0.*\n$/);

  await server.close();
  const images = at('seg', 'images', 'case0.nii.gz');
  const heard = notes();
  for (const [n, model] of ['zoo:phantom-seg', at('copy'), at('tuned')].entries()) {
    await predict({ model, images, out: at(`out${n}.nii.gz`), ...heard });
  }
  t.deepEqual(heard.all, [], 'the terms were said');
  const [published, copied, run] = await Promise.all(
    [0, 1, 2].map(async (n) => (await readVolume(at(`out${n}.nii.gz`))).data.data),
  );
  t.deepEqual(published, copied);
  const labels = Array.from(published, Number);
  const same = labels.filter((label, n) => label === Number(run[n])).length;
  t.true(same / run.length > 0.99, 'halves give the labels of the run');
  const found = await evaluate({
    model: 'zoo:phantom-seg@0.1.0',
    images: at('seg', 'images'),
    labels: at('seg', 'labels'),
  });
  t.is(found.cases.length, 3);

  const shown = await runCli(['info', 'zoo:phantom-seg']);
  t.is(shown.code, 0, shown.stderr);
  for (const text of ['kind          segmentation', 'Phantoms are no patients', 'Not a medical']) {
    t.true(shown.stdout.includes(text), shown.stdout);
  }
  const verified = await runCli(['zoo', 'verify']);
  t.regex(verified.stdout, /^phantom-pre 0\.1\.0: .* is as it was published\nphantom-seg/);
  const listed = await runCli(['zoo', 'list']);
  t.regex(listed.stdout, /phantom-seg +0\.1\.0 +cache[\s\S]*genesis-chest-ct +by hand/);
  const ofRun = await modelInfo(at('tuned'));
  t.like(ofRun, { card: { kind: 'segmentation' }, run: { epochs: 1, steps: 2 } });
});
