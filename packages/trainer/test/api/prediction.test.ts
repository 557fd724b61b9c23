import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeModelFile, encodeModelFile } from '@genesis/inference';
import { tempFolder } from '@genesis/testing';
import { evaluate, finetune, predict, TrainerError } from '@genesis/trainer';
import { encodeVolume, readHeader, readVolume, writeVolume } from '@genesis/volume-io';
import test from 'ava';
import { runCli } from '../helpers/run-cli.js';
import { ball, writeBalls } from '../helpers/volumes.js';

test('what a prediction takes and what it keeps: NaN, codes of the space, label values, weights', async (t) => {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writeBalls(at('seg'), 3, [16, 16, 16]);
  await finetune({
    task: 'segmentation',
    images: at('seg', 'images'),
    labels: at('seg', 'labels'),
    out: at('run'),
    width: 2,
    levels: 2,
    batch: 2,
    epochs: 1,
  });
  const model = at('run');
  const best = at('run', 'checkpoints', 'best.safetensors');

  // A volume with NaN around the head, of a run that was trained with the default.
  const { image, labels } = ball({ shape: [16, 16, 16], center: [8, 8, 8], radius: 5, seed: 9 });
  for (let n = 0; n < 512; n++) image.data.data[n] = Number.NaN;
  await mkdir(at('nan'));
  await mkdir(at('nan-labels'));
  await writeVolume(at('nan', 'a.nii.gz'), image);
  await writeVolume(at('nan-labels', 'a.nii.gz'), labels);
  const request = { model, images: at('nan', 'a.nii.gz'), out: at('nan.nii.gz') };
  const refused =
    /a\.nii\.gz: has 512 voxels that are NaN or infinite; --non-finite zero takes them as 0$/;
  await t.throwsAsync(predict(request), { instanceOf: TrainerError, message: refused });
  await predict({ ...request, nonFinite: 'zero' });
  const compare = { model, images: at('nan'), labels: at('nan-labels') };
  await t.throwsAsync(evaluate(compare), { message: refused });
  t.is((await evaluate({ ...compare, nonFinite: 'zero' })).cases.length, 1);
  const args = ['predict', '--model', model, '--images', at('nan'), '--out', at('cli'), '--quiet'];
  const cli = await runCli([...args, '--non-finite', 'zero']);
  t.is(cli.code, 0, cli.stderr);
  t.deepEqual(await readFile(at('cli', 'a.nii.gz')), await readFile(at('nan.nii.gz')));

  // The codes say the space: MNI by the sform, the scanner's by the qform.
  const bytes = await encodeVolume(labels, 'nifti1');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setInt16(252, 1, true);
  view.setInt16(254, 4, true);
  await writeFile(at('mni.nii'), bytes);
  await predict({ model, images: at('mni.nii'), out: at('mni-labels.nii.gz') });
  const { fields, description, dtype } = await readHeader(at('mni-labels.nii.gz'));
  t.is(fields.qform_code, 1);
  t.is(fields.sform_code, 4);
  t.is(description, 'genesis segmentation');
  t.is(dtype, 'uint8');

  // Values are those of the card.
  const file = decodeModelFile(await readFile(best));
  if (file.card.kind !== 'segmentation') return t.fail();
  const classes = file.card.classes.map(({ name }, n) => ({ name, value: -100 * n - 1 }));
  await writeFile(
    at('values.safetensors'),
    encodeModelFile({ ...file, card: { ...file.card, classes } }),
  );
  await predict({ model: at('values.safetensors'), images: at('mni.nii'), out: at('values.nii') });
  const values = new Set((await readVolume(at('values.nii'))).data.data);
  t.true(
    [...values].every((value) => [-1, -101, -201].includes(value)),
    [...values].join(),
  );

  // Weights of a run that diverged.
  const weights = new Map(file.weights);
  const [name, weight] = [...weights].at(-1) ?? t.fail();
  weight.data[0] = Number.POSITIVE_INFINITY;
  await writeFile(at('diverged.safetensors'), encodeModelFile({ ...file, weights }));
  await t.throwsAsync(predict({ ...request, model: at('diverged.safetensors') }), {
    instanceOf: TrainerError,
    code: 'run-broken',
    message: new RegExp(`diverged.safetensors: the weight ${name} holds NaN or infinities`),
  });
});
