// Builds the example page with Vite and drives it in headless Chromium.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPredictor } from '@genesis/inference';
import { haveChromium, noChromium, openPage, tempFolder } from '@genesis/testing';
import { selectEngine } from '@genesis/unet3d';
import { encodeVolume, readVolume } from '@genesis/volume-io';
import test from 'ava';
import { brightnessCard, hillyVolume, trainedModelFile } from './support/trained-model.js';

const root = fileURLToPath(
  new URL('../../../../examples/segment-in-the-browser/', import.meta.url),
);
const outDir = fileURLToPath(new URL('../segment-in-the-browser', import.meta.url));

const inBrowser = haveChromium ? test.serial : test.serial.skip;

inBrowser(
  `the example page gives the labels that Node gives, and asks nobody but its own server${noChromium}`,
  async (t) => {
    t.timeout(150_000);
    const { build } = await import('vite');
    await build({
      root,
      configFile: `${root}vite.config.ts`,
      logLevel: 'error',
      build: { outDir },
    });
    await selectEngine('cpu');
    const folder = await tempFolder(t);
    const [model, scan, saved] = ['best.safetensors', 'hills.nii', 'saved.nii'].map((name) =>
      join(folder, name),
    );
    const bytes = await trainedModelFile(brightnessCard());
    await mkdir(folder, { recursive: true });
    await writeFile(model, bytes);
    await writeFile(scan, await encodeVolume(hillyVolume(), 'nifti1'));
    const predictor = await loadPredictor(bytes);
    const expected = await predictor.segment(await readVolume(scan));
    predictor.dispose();

    const { page, url, problems } = await openPage(t, outDir);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setInputFiles('#model', model);
    await page.setInputFiles('#scan', scan);
    await page.selectOption('#engine', 'cpu');
    await page.click('#start');
    await page.waitForSelector('#result:not([hidden])', { timeout: 60_000 });
    t.regex((await page.textContent('#status')) ?? '', /^Done in [\d.]+ s on cpu\.$/);
    t.is(await page.locator('#planes canvas').count(), 3);
    const [x, y, z] = expected.spacing;
    const bright = expected.data.data.filter((value) => value === 7).length;
    t.is(
      await page.textContent('#classes tr:last-child'),
      `bright${((bright * x * y * z) / 1000).toFixed(2)}`,
    );
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    t.is(download.suggestedFilename(), 'hills-labels.nii');
    await download.saveAs(saved);
    t.deepEqual(
      new Uint8Array(await readFile(saved)),
      new Uint8Array(await encodeVolume(expected, 'nifti1')),
    );

    await page.setInputFiles('#model', scan);
    await page.click('#start');
    await page.waitForSelector('#status.error');
    t.regex((await page.textContent('#status')) ?? '', /hills\.nii|model/);
    t.true(await page.isEnabled('#start'));
    await page.setViewportSize({ width: 390, height: 800 });
    t.true(
      ((await page.evaluate('document.documentElement.scrollWidth')) as number) <= 390,
      'it fits a phone',
    );
    t.deepEqual(problems, []);
    t.deepEqual(
      asked.filter((address) => !address.startsWith(url) && !address.startsWith('blob:')),
      [],
    );
  },
);
