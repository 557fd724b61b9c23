import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPredictor, type Preparation } from '@genesis/inference';
import { bundlePage, haveChromium, noChromium, openPage, tempFolder } from '@genesis/testing';
import { selectEngine } from '@genesis/unet3d';
import { encodeVolume, readVolume } from '@genesis/volume-io';
import { writeModelPackage } from '@genesis/zoo/node';
import test from 'ava';
import { publishedCard } from './support/published-card.js';
import { brightnessCard, hillyVolume, trainedModelFile } from './support/trained-model.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

/** What a user's page would do: load a model by its address, read a File, label it, offer the label map as a file. */
const PAGE = `
import { InferenceError, loadPredictor } from '@genesis/inference';
import { encodeVolume, readVolume } from '@genesis/volume-io';
window.label = async (model, image) => {
  const file = new File([await (await fetch(image)).arrayBuffer()], image);
  const predictor = await loadPredictor(new URL(model, location.href), { engine: 'cpu' });
  const labels = await predictor.segment(await readVolume(file));
  predictor.dispose();
  const bytes = await encodeVolume(labels, 'nifti1');
  return { type: labels.data.data.constructor.name, bytes: Array.from(bytes) };
};
window.fail = (model, sha256) => loadPredictor(model, { sha256 }).then(
  () => 'loaded',
  (error) => error instanceof InferenceError ? error.code : String(error),
);`;

const inBrowser = haveChromium ? test : test.skip;

const preparations: Record<string, Partial<Preparation>> = {
  plain: {},
  resampled: { orientation: 'SPL', spacing: [1.5, 0.8, 1] },
};

inBrowser(
  `in a browser a volume gets the labels that it gets in Node, bit for bit${noChromium}`,
  async (t) => {
    await selectEngine('cpu');
    // Inside the package, so that the bundler finds it by its name and its exports.
    const folder = await tempFolder(t, join(PACKAGE, 'build'));
    const image = await encodeVolume(hillyVolume(), 'nifti1');
    await writeFile(join(folder, 'image.nii'), image);
    await bundlePage(folder, PAGE);
    const { page, problems } = await openPage(t, folder);
    await page.waitForFunction('window.label');
    for (const [name, preparation] of Object.entries(preparations)) {
      const model = await trainedModelFile(brightnessCard(preparation));
      await writeFile(join(folder, `${name}.safetensors`), model);
      const predictor = await loadPredictor(model);
      const expected = await predictor.segment(await readVolume(image));
      predictor.dispose();
      const counts = [0, 7].map((value) => expected.data.data.filter((v) => v === value).length);
      t.true(Math.min(...counts) > 100, `${name}: both labels occur: ${counts}`);
      const given = (await page.evaluate(`label('${name}.safetensors', 'image.nii')`)) as {
        type: string;
        bytes: number[];
      };
      t.is(given.type, expected.data.data.constructor.name);
      t.deepEqual(Uint8Array.from(given.bytes), await encodeVolume(expected, 'nifti1'), name);
    }
    t.is(await page.evaluate(`fail('image.nii')`), 'not-a-model');
    t.deepEqual(problems, []);
    t.is(await page.evaluate(`fail('nothing.safetensors')`), 'not-found');

    // A published model by the address of its card: the weights must be those that it names.
    const bytes = await trainedModelFile(brightnessCard());
    await writeModelPackage(
      folder,
      publishedCard(brightnessCard()),
      new Map([['weights.safetensors', bytes]]),
    );
    const digest = createHash('sha256').update(bytes).digest('hex');
    t.is(await page.evaluate(`fail('model.json')`), 'loaded');
    t.is(await page.evaluate(`fail('weights.safetensors', '${digest}')`), 'loaded');
    t.is(await page.evaluate(`fail('weights.safetensors', '${'0'.repeat(64)}')`), 'hash');
    bytes[bytes.length - 1] ^= 1;
    await writeFile(join(folder, 'weights.safetensors'), bytes);
    t.is(await page.evaluate(`fail('model.json')`), 'hash');
  },
);
