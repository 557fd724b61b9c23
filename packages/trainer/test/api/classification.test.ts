import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { evaluate, finetune, predict } from '@genesis/trainer';
import { writeVolume } from '@genesis/volume-io';
import test from 'ava';
import { ball } from '../helpers/volumes.js';

test('volumes are told apart: table in, table out', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const rows = ['file;diagnosis'];
  for (let n = 0; n < 16; n++) {
    const isLarge = n % 2 === 1;
    const shape: [number, number, number] = n % 3 === 0 ? [18, 16, 16] : [16, 20, 14];
    const { image } = ball({
      shape,
      center: shape.map((side) => side / 2),
      radius: isLarge ? 7 : 3,
      seed: n,
    });
    await writeVolume(at('images', `case${n}.nii.gz`), image);
    rows.push(`images/case${n}.nii.gz;${isLarge ? 'large' : 'small'}`);
  }
  await writeFile(at('classes.csv'), rows.join('\r\n'));
  const data = { images: at('images'), labels: at('classes.csv') };
  const result = await finetune({
    ...data,
    task: 'classification',
    out: at('run'),
    width: 4,
    levels: 3,
    batch: 4,
    epochs: 20,
    learningRate: 2e-3,
    validation: 0.25,
    flipAxes: ['x', 'y', 'z'],
  });
  t.is(result.best?.validation.auc, 1, JSON.stringify(result.best));
  const found = await evaluate({ model: at('run'), ...data });
  if (found.kind !== 'classification') return t.fail();
  t.is(found.seenInTraining.length, 16);
  t.true(found.accuracy >= 0.9, `${found.accuracy}`);
  t.true((found.auc ?? 0) >= 0.95);

  await predict({ model: at('run'), input: at('images'), out: at('out', 'classes.csv') });
  const lines = (await readFile(at('out', 'classes.csv'), 'utf8')).trim().split('\n');
  t.is(lines[0], 'name,prediction,p:large,p:small');
  t.is(lines.length, 17);
  for (const line of lines.slice(1)) {
    const [name, prediction, large, small] = line.split(',');
    t.true(Math.abs(Number(large) + Number(small) - 1) < 1e-5, line);
    const expected = found.cases.find((one) => one.name === name);
    t.is(prediction, expected?.prediction ?? '');
  }
});
