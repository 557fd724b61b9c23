// Builds the example page with Vite and drives it in headless Chromium. Skipped where one of the
// two, or the sibling package that reads volumes for the page, is missing.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { haveChromium, noChromium, openPage, serveFolder } from '@genesis/testing';
import test from 'ava';

const root = fileURLToPath(new URL('../../../../examples/playground/', import.meta.url));
const outDir = fileURLToPath(new URL('../playground', import.meta.url));

/** Why the page cannot be tested here; empty when it can. */
async function missing(): Promise<string> {
  if (!haveChromium) return noChromium;
  for (const name of ['vite', 'playwright-core', '@genesis/volume-io']) {
    const found = await import(name).then(
      (module: { chestPhantom?: unknown }) => name !== '@genesis/volume-io' || module.chestPhantom,
      () => false,
    );
    if (!found) return ` (${name} is not there)`;
  }
  return '';
}

const reason = await missing();
const inBrowser = reason === '' ? test.serial : test.serial.skip;

test.before('build the page', async (t) => {
  t.timeout(150_000);
  if (reason !== '') return;
  const { build } = await import('vite');
  await build({
    root,
    configFile: `${root}vite.config.ts`,
    logLevel: 'error',
    build: { outDir },
  });
});

const desktop = { width: 1440, height: 920 };
/** What a canvas shows. */
const pixelsOf =
  (page: Awaited<ReturnType<typeof openPage>>['page']) =>
  async (id: string): Promise<string> => {
    const canvas = await page.$eval(`#${id}`, (element) =>
      (element as unknown as { toDataURL(): string }).toDataURL(),
    );
    return createHash('sha256').update(canvas).digest('hex');
  };

/** A NIfTI file of 24×20×16 voxels with a bright box in it. */
function nifti(): Buffer {
  const [nx, ny, nz] = [24, 20, 16];
  const bytes = Buffer.alloc(352 + 4 * nx * ny * nz);
  bytes.writeInt32LE(348, 0);
  for (const [i, n] of [3, nx, ny, nz, 1, 1, 1, 1].entries()) bytes.writeInt16LE(n, 40 + 2 * i);
  bytes.writeInt16LE(16, 70);
  bytes.writeInt16LE(32, 72);
  for (let i = 0; i < 4; i++) bytes.writeFloatLE(1, 76 + 4 * i);
  bytes.writeFloatLE(352, 108);
  bytes.writeFloatLE(1, 112);
  bytes.writeInt16LE(1, 254);
  for (const at of [280, 300, 320]) bytes.writeFloatLE(1, at);
  bytes.write('n+1\0', 344, 'latin1');
  for (let i = 0; i < nx * ny * nz; i++) {
    const x = i % nx;
    bytes.writeFloatLE(x > 6 && x < 14 ? 900 : (37 * i) % 200, 352 + 4 * i);
  }
  return bytes;
}

inBrowser(
  `the page deforms a volume live, and makes batches in web workers${reason}`,
  async (t) => {
    t.timeout(150_000);
    const {
      page,
      url,
      problems: errors,
    } = await openPage(t, outDir, {
      isolated: true,
      args: ['--disable-gpu'],
      viewport: desktop,
    });
    const plain = await serveFolder(outDir);
    t.teardown(plain.close);
    const pixels = pixelsOf(page);
    const status = (id: string): Promise<string> => page.innerText(`#${id}`);
    const set = (id: string, value: number): Promise<void> => page.fill(`#${id}`, String(value));
    await page.waitForFunction('document.querySelector("#timing").textContent !== ""');
    t.regex(await status('name'), /Chest phantom · 144 × 144 × 108/);
    t.regex(await status('timing'), /wasm/);

    // The pictures of the README: SCREENSHOT=images npx ava …
    for (const [id, value] of [
      ['window-x', 6],
      ['window-y', 6],
      ['window-z', 4],
    ] as const) {
      await set(id, value);
    }
    await page.click('h1');
    if (process.env.SCREENSHOT)
      await page.screenshot({ path: `${process.env.SCREENSHOT}/playground.png` });

    // Every slider changes the deformed slices and not the original ones.
    await page.click('#curve-rising');
    for (const [id, value] of [
      ['windows', 4000],
      ['window-x', 30],
      ['point-0', 0.9],
      ['point-3', 0.1],
      ['size-x', 100],
      ['start-y', 3],
    ] as const) {
      const before = [await pixels('original-axial'), await pixels('deformed-axial')];
      await set(id, value);
      t.is(await pixels('original-axial'), before[0], id);
      t.not(await pixels('deformed-axial'), before[1], id);
    }
    const original = await pixels('original-axial');
    await set('at-z', 10);
    t.not(await pixels('original-axial'), original);
    await page.click('#flip-x');
    const kinds = ['none', 'in', 'out'];
    const seen = new Set<string>();
    for (const kind of kinds) {
      await page.click(`#paint-${kind}`);
      seen.add(await pixels('deformed-coronal'));
    }
    t.is(seen.size, kinds.length);

    // A file takes the phantom's place; what is none is refused in words.
    await page.setInputFiles('#file', {
      name: 'box.nii',
      mimeType: 'application/octet-stream',
      buffer: nifti(),
    });
    await page.waitForFunction('document.querySelector("#name").textContent.startsWith("box.nii")');
    t.regex(await status('name'), /box\.nii · 24 × 20 × 16 voxels/);
    await page.setInputFiles('#file', {
      name: 'letter.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('no volume'),
    });
    await page.waitForSelector('#status.error');
    t.regex(await status('name'), /letter\.txt/);
    t.deepEqual(errors, []);

    // The pool, with shared memory and without.
    for (const [address, memory] of [
      [url, 'shared memory'],
      [plain.url, 'memory passed over'],
    ]) {
      await page.goto(address);
      await page.click('#measure');
      await page.waitForFunction('/pairs|rror/.test(document.querySelector("#rate").value)');
      const rate = await page.$eval('#rate', (out) => (out as unknown as { value: string }).value);
      t.regex(rate, /^200 pairs, \d+\/s/);
      t.true(rate.endsWith(memory), rate);
      t.log(rate);
    }
    t.deepEqual(errors, []);
  },
);

/** Sliders whose defaults do nothing, or nothing that the middle slices show: which one, and where to. */
const moved: Record<string, [number, number]> = {
  spatial: [3, 0.7],
  transposition: [0, 3],
  mirror: [0, 1],
  'cut-out': [0, 9],
};

inBrowser(
  `the second tab augments a volume and its label, and folds on a phone${reason}`,
  async (t) => {
    t.timeout(150_000);
    const { page, problems } = await openPage(t, outDir, {
      isolated: true,
      args: ['--disable-gpu'],
      viewport: desktop,
    });
    const pixels = pixelsOf(page);
    const set = (id: string, value: number): Promise<void> => page.fill(`#${id}`, String(value));
    await page.click('#tab-augmentations');
    await page.waitForFunction(
      'document.querySelector("#timing").textContent.startsWith("augmented")',
    );
    t.true(await page.isHidden('#deformations'));
    const original = await pixels('plain-axial');
    t.is(await pixels('augmented-axial'), original);

    // Every augmentation changes the second row and not the first, and so does its first slider.
    const steps = await page.$$eval('details input[type=checkbox]', (all) =>
      all.map((input) => (input as unknown as { id: string }).id.slice('on-'.length)),
    );
    t.is(steps.length, 19);
    for (const id of steps) {
      await page.click(`#on-${id}`);
      const [knob, value] = moved[id] ?? [0, null];
      if (value !== null) await set(`${id}-${knob}`, value);
      t.not(await pixels('augmented-axial'), original, id);
      t.is(await pixels('plain-axial'), original, id);
      t.true((await page.innerText('#factors')).startsWith(`${id} {`), id);
      const slider = page.locator(`#${id}-${knob}`);
      await slider.fill((await slider.getAttribute('min')) ?? '');
      const least = await pixels('augmented-axial');
      await slider.fill((await slider.getAttribute('max')) ?? '');
      t.not(await pixels('augmented-axial'), least, `${id}, its slider`);
      await page.click(`#on-${id}`);
      t.is(await pixels('augmented-axial'), original, `${id} off`);
    }

    // The preset draws something else each time.
    const seen = new Set<string>();
    for (let n = 0; n < 8; n++) {
      await page.click('#draw-again');
      seen.add(await pixels('augmented-axial'));
    }
    t.true(seen.size >= 6, `${seen.size} samples of 8 differ`);
    await page.click('#labels-hidden');
    t.not(await pixels('plain-axial'), original);
    await page.click('#labels-shown');
    t.is(await pixels('plain-axial'), original);

    // The pictures of the README: SCREENSHOT=images npx ava …
    await page.click('#all-off');
    for (const [id, knob, value] of [
      ['spatial', 2, 14],
      ['spatial', 3, 1.15],
      ['spatial', 4, 1.15],
      ['spatial', 5, 1.15],
      ['spatial', 12, 9],
      ['bias-field', 0, 0.5],
      ['gaussian-noise', 0, 0.06],
      ['gamma', 0, 0.75],
    ] as const) {
      if (!(await page.isChecked(`#on-${id}`))) await page.click(`#on-${id}`);
      await set(`${id}-${knob}`, value);
    }
    const folder = process.env.SCREENSHOT;
    if (folder) {
      await page.evaluate('document.querySelector("#controls").scrollTo(0, 0)');
      await page.screenshot({ path: `${folder}/augmentations.png` });
    }

    // On a phone: one column, nothing wider than the screen, tabs, then pictures, then sliders.
    await page.setViewportSize({ width: 390, height: 844 });
    const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
    t.true(width <= 390, `${width} pixels wide`);
    const top = async (id: string): Promise<number> =>
      (await page.locator(id).boundingBox())?.y ?? Number.NaN;
    t.true((await top('#tab-augmentations')) < (await top('#plain')));
    t.true((await top('#augmented')) < (await top('#augment-panels')));
    await page.click('#draw-again');
    t.regex(await page.innerText('#timing'), /^augmented in /);
    if (folder) await page.screenshot({ path: `${folder}/phone.png`, fullPage: true });
    t.deepEqual(problems, []);
  },
);
