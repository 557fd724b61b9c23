import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { evaluatePredictions, type PredictionsEvaluation } from '@genesis/trainer';
import { createVolume, reorient, type Vec3, writeVolume } from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';
import { runCli } from '../helpers/run-cli.js';
import { truncate } from '../helpers/volumes.js';

const SHAPE: Vec3 = [12, 10, 8];
const AFFINE = [2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1];

/** A label map with boxes, later ones on top; C order. */
function boxes(...list: readonly (readonly [value: number, from: Vec3, to: Vec3])[]) {
  const labels = ndarray(new Uint8Array(12 * 10 * 8), SHAPE);
  for (const [value, from, to] of list) {
    for (let x = from[0]; x < to[0]; x++) {
      for (let y = from[1]; y < to[1]; y++) {
        for (let z = from[2]; z < to[2]; z++) labels.set(x, y, z, value);
      }
    }
  }
  return createVolume(labels, { affine: AFFINE });
}

async function folders(folder: string): Promise<{ predictions: string; labels: string }> {
  const [predictions, labels] = ['predictions', 'labels'].map((name) => join(folder, name));
  await mkdir(predictions);
  await mkdir(labels);
  const truth = boxes([1, [2, 2, 2], [6, 6, 6]], [2, [8, 2, 2], [10, 4, 4]]);
  await writeVolume(join(labels, 'a_seg.nii.gz'), truth);
  await writeVolume(join(labels, 'b_seg.nii.gz'), boxes([1, [2, 2, 2], [6, 6, 6]]));
  // The same voxels, turned, in another format.
  await writeVolume(join(predictions, 'a.nrrd'), reorient(truth, 'PIL'));
  await writeVolume(join(predictions, 'b.nii.gz'), boxes([1, [3, 2, 2], [7, 6, 6]]));
  return { predictions, labels };
}

test('a folder of predictions is scored without a model', async (t) => {
  const folder = await tempFolder(t);
  const found = await evaluatePredictions({
    ...(await folders(folder)),
    regions: [{ name: 'all', values: [1, 2] }],
    tolerance: 2,
  });
  t.deepEqual(
    found.cases.map(({ name }) => name),
    ['a', 'b'],
  );
  t.deepEqual(Object.keys(found.classes), ['label 1', 'label 2', 'all']);
  const [a, b] = found.cases.map(({ scores }) => scores);
  t.like(a['label 1'], { dice: 1, hd95: 0, surfaceDice: 1, lesionF1: 1, volumeError: 0 });
  t.like(b['label 1'], { dice: 0.75, iou: 0.6, sensitivity: 0.75, surfaceDice: 1 });
  t.is(b['label 1'].hd, 2);
  t.is(b['label 1'].trueVolume, (64 * 6) / 1000);
  // A class that is in neither volume says nothing, and does not count in means.
  t.is(b['label 2'].dice, undefined);
  t.like(found.classes['label 2'].dice, { mean: 1, cases: 1 });
  t.like(found.classes['label 1'].dice, { mean: 0.875, cases: 2 });
  t.like(found.foreground.dice, { mean: 0.875, cases: 2 });
  t.true((found.classes['label 1'].dice.interval?.low ?? 2) < 0.875);
});

test('one bad case does not end the batch; all that is missing is told', async (t) => {
  const folder = await tempFolder(t);
  const opts = await folders(folder);
  const big = createVolume(new Uint8Array(13 * 10 * 8), { shape: [13, 10, 8], affine: AFFINE });
  await writeVolume(join(opts.predictions, 'c.nii.gz'), big);
  await writeVolume(join(opts.labels, 'c_seg.nii.gz'), boxes());
  await writeVolume(join(opts.predictions, 'd.nii.gz'), boxes());
  await writeVolume(join(opts.labels, 'e_seg.nii.gz'), boxes());
  await writeVolume(join(opts.predictions, 'f.nii.gz'), boxes([1, [0, 0, 0], [12, 10, 8]]));
  await writeVolume(join(opts.labels, 'f_seg.nii.gz'), boxes());
  await truncate(join(opts.predictions, 'f.nii.gz'), 0.6);
  const warnings: string[] = [];
  const found = await evaluatePredictions({ ...opts, onWarning: (text) => warnings.push(text) });
  t.deepEqual(
    found.cases.map(({ name }) => name),
    ['a', 'b'],
  );
  t.deepEqual(found.leftOut.map(({ name }) => name).sort(), ['c', 'd', 'e_seg', 'f']);
  t.true(warnings.some((text) => /c_seg.nii.gz has 12×10×8 voxels, but .*13×10×8/.test(text)));
  t.true(warnings.some((text) => /has no prediction: e_seg/.test(text)));
  await t.throwsAsync(evaluatePredictions({ ...opts, strict: true }), { code: 'bad-data' });
});

test('the command: table, JSON, CSV, names of classes, regions, the ignored label', async (t) => {
  const folder = await tempFolder(t);
  const { predictions, labels } = await folders(folder);
  const [json, csv] = ['figures.json', 'figures.csv'].map((name) => join(folder, name));
  const args = ['evaluate', '--predictions', predictions, '--labels', labels];
  const named = ['--classes', '1=liver,2=tumor', '--region', 'organ=1,2', '--tolerance', '2'];
  const { code, stdout, stderr } = await runCli([...args, ...named, '--out', json, '--csv', csv]);
  t.is(code, 0, stderr);
  t.regex(stdout, /^a +liver +1\.000/m);
  t.regex(stdout, /^liver +2 +0\.875 ± 0\.177 +0\.\d{3} … \d\.\d{3}/m);
  t.regex(stdout, /^mean of classes/m);
  t.regex(stdout, /within 2 mm/);
  const figures = JSON.parse(await readFile(json, 'utf8')) as PredictionsEvaluation;
  t.deepEqual(Object.keys(figures.classes), ['liver', 'tumor', 'organ']);
  const rows = (await readFile(csv, 'utf8')).trim().split('\n');
  t.is(rows.length, 1 + 2 * 3);
  t.regex(rows[0], /^case,class,dice,iou,.*hd95/);
  t.regex(rows[1], /^a,liver,1,1,1,1,1,0,0,0,/);

  await writeFile(
    join(folder, 'dataset.json'),
    JSON.stringify({ labels: { background: 0, whole: [1, 2], ignore: 2 } }),
  );
  const ignored = await runCli([...args, '--classes', join(folder, 'dataset.json'), '--json']);
  t.is(ignored.code, 0, ignored.stderr);
  const again = JSON.parse(ignored.stdout) as PredictionsEvaluation;
  t.deepEqual(Object.keys(again.classes), ['whole']);
  t.is(again.cases[0].scores.whole.trueVolume, (64 * 6) / 1000);

  const both = await runCli([...args, '--model', 'run']);
  t.is(both.code, 1);
  t.regex(both.stderr, /give either --model.* or --predictions/);
  const wrong = await runCli([...args, '--classes', 'liver']);
  t.regex(wrong.stderr, /classes are labels with their names, such as 1=liver/);
});
