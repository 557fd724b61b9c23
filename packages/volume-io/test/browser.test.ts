import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundlePage, haveChromium, noChromium, openPage, tempFolder } from '@genesis/testing';
import { type NamedBytes, readVolume } from '@genesis/volume-io';
import test from 'ava';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const FIXTURES = join(PACKAGE, 'test/fixtures');

/** What the page does: it makes a File of each input and reads it as a user's page would. */
const PAGE = `
import { readVolume, VolumeIoError } from '@genesis/volume-io';
window.read = async (inputs, opts, how) => {
  const files = await Promise.all(inputs.map(async ({ name, url }) =>
    new File([await (await fetch(url)).arrayBuffer()], name)));
  const source = how === 'buffer' ? await files[0].arrayBuffer() : files.length === 1 ? files[0] : files;
  try {
    const { data, affine, header } = await readVolume(source, opts);
    return { shape: data.shape, values: Array.from(data.data), type: data.data.constructor.name, affine: Array.from(affine), format: header.format };
  } catch (error) {
    return { error: error instanceof VolumeIoError ? error.code : String(error) };
  }
};`;

interface Read {
  shape: number[];
  values: number[];
  type: string;
  affine: number[];
  format: string;
  error?: string;
}

const inBrowser = haveChromium ? test : test.skip;

inBrowser(`a browser bundle reads Files and ArrayBuffers as Node does${noChromium}`, async (t) => {
  // Inside the package, so that the bundler finds it by its name and its exports.
  const folder = await tempFolder(t, join(PACKAGE, 'build'));
  const inputs = await loadInputs();
  await promisify(execFile)(process.execPath, [join(PACKAGE, 'scripts/browser-codecs.mjs')]);
  await bundlePage(folder, PAGE);
  for (const file of inputs.flatMap((input) => input.files)) {
    await writeFile(join(folder, file.name), file.bytes as Uint8Array);
  }
  const { page, problems } = await openPage(t, folder);
  await page.waitForFunction('window.read');
  for (const { files, opts, how } of inputs) {
    const names = files.map(({ name }) => ({ name, url: encodeURIComponent(name) }));
    const call = `read(${JSON.stringify(names)}, ${JSON.stringify(opts)}, ${JSON.stringify(how)})`;
    const given = (await page.evaluate(call)) as Read;
    const label = `${files[0].name} as ${how}`;
    t.is(given.error, undefined, label);
    const source = files.length === 1 ? (files[0].bytes as Uint8Array) : files;
    const expected = await readVolume(source, { ...opts, name: files[0].name });
    t.deepEqual(given.shape, expected.data.shape, label);
    t.is(given.type, expected.data.data.constructor.name, label);
    t.deepEqual(given.values, Array.from(expected.data.data), label);
    t.deepEqual(given.affine, Array.from(expected.affine), label);
  }
  const broken = `read([{ name: 'x.dcm', url: 'index.html' }], {}, 'file')`;
  t.is(((await page.evaluate(broken)) as Read).error, 'unknown-format');
  t.deepEqual(problems, []);
});

interface Input {
  files: NamedBytes[];
  opts: { component?: number };
  how: 'file' | 'buffer';
}

async function loadInputs(): Promise<Input[]> {
  const cases: { main: string; files: Record<string, string> }[] = JSON.parse(
    await readFile(join(FIXTURES, 'formats.json'), 'utf8'),
  );
  const input = (name: string, bytes: Uint8Array, more: Partial<Input> = {}): Input => ({
    files: [{ name, bytes: new Uint8Array(bytes) }],
    opts: {},
    how: 'file',
    ...more,
  });
  const formats = ['gz.nii.gz', 'float32.nrrd', 'int16.mha', 'c-int8.npy'].flatMap((main) => {
    const found = cases.find((c) => c.main === main);
    if (!found) throw new Error(`no fixture ${main}`);
    const bytes = Buffer.from(found.files[main], 'base64');
    return [input(main, bytes), input(main, bytes, { how: 'buffer' })];
  });
  const dicom = [
    'explicit',
    'deflated',
    'rle',
    'jpeg-lossless-4',
    'jpeg-baseline',
    'jpeg-ls',
    'jpeg-2000',
  ];
  const load = (name: string): Promise<Uint8Array> => readFile(join(FIXTURES, 'dicom', name));
  for (const name of dicom) formats.push(input(`${name}.dcm`, await load(`${name}.dcm`)));
  formats.push(
    input('rgb-jpeg-2000.dcm', await load('rgb-jpeg-2000.dcm'), { opts: { component: 1 } }),
  );
  formats.push(input('explicit.dcm', await load('explicit.dcm'), { how: 'buffer' }));
  formats.push(input('even.zip', await load('even.zip')));
  const slices = ['00', '03', '06', '07', '10'].map(async (n) => ({
    name: `even-${n}.dcm`,
    bytes: new Uint8Array(await load(`even/${n}.dcm`)),
  }));
  formats.push({ files: await Promise.all(slices), opts: {}, how: 'file' });
  return formats;
}
