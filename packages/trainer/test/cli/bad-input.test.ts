import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import test, { type ExecutionContext } from 'ava';
import { type RunCliOpts, runCli } from '../helpers/run-cli.js';
import { truncate, writeBalls, writePhantoms, writeValues } from '../helpers/volumes.js';

// What is not here is not looked for elsewhere.
process.env.GENESIS_OFFLINE = '1';

/** Asserts that a command ends with exactly one sentence that matches, after warnings if any, and leaves nothing at `out`. */
async function refuses(
  t: ExecutionContext,
  args: readonly string[],
  message: RegExp,
  out: { folder: string; name: string },
  opts: RunCliOpts = {},
): Promise<void> {
  const { code, signal, stdout, stderr } = await runCli(args, opts);
  t.is(signal, null);
  t.true(code === 1 || code === 2, `exit code ${code}: ${stderr}`);
  t.regex(stderr, /^(warning: [^\n]+\n)*genesis: [^\n]+\n$/, stderr);
  t.regex(stderr, message);
  t.is(stdout, '');
  const left = (await readdir(out.folder)).filter((name) => name.startsWith(out.name));
  t.deepEqual(left, [], 'something was left behind');
}

const CROP = '16,16,16';

/** Each case prepares `in` under a folder; then pre-training must refuse it. */
const inputs: Record<
  string,
  { make: (folder: string) => Promise<void>; message: RegExp; crop?: string; flags?: string[] }
> = {
  'a missing folder': {
    make: async () => undefined,
    message: /\/in: .*(no such|not found|does not exist)/i,
  },
  'an empty folder': {
    make: async (folder) => void (await mkdir(folder)),
    message: /\/in: .*no volume/,
  },
  'a text file named .nii.gz': {
    make: async (folder) => {
      await writePhantoms(folder, 2, [24, 24, 24]);
      await writeFile(join(folder, 'notes.nii.gz'), 'these are not voxels\n');
    },
    message: /notes\.nii\.gz: /,
    flags: ['--strict'],
  },
  'a truncated .nii.gz': {
    make: async (folder) => {
      await writePhantoms(folder, 2, [24, 24, 24]);
      await truncate(join(folder, 'p0.nii.gz'), 0.6);
      await truncate(join(folder, 'p1.nii.gz'), 0.6);
    },
    message: /p[01]\.nii\.gz: /,
  },
  'NaN voxels': {
    make: async (folder) => {
      await mkdir(folder);
      const values = new Float32Array(24 ** 3).map((_, n) => n % 97);
      values[500] = Number.NaN;
      await writeValues(join(folder, 'a.nii.gz'), values, [24, 24, 24]);
      await writeValues(join(folder, 'b.nii.gz'), values, [24, 24, 24]);
    },
    message: /[ab]\.nii\.gz: .*NaN/,
  },
  'a 2-D image': {
    make: async (folder) => {
      await writePhantoms(folder, 1, [24, 24, 24]);
      await writeValues(join(folder, 'flat.nii.gz'), new Float32Array(576), [24, 24, 1]);
    },
    message: /flat\.nii\.gz: .*2-D/,
    flags: ['--strict'],
  },
  'a crop larger than the volumes': {
    make: (folder) => writePhantoms(folder, 2, [24, 24, 24]),
    message: /a crop of 32×32×32 is larger than each of the 2 volumes .*24×24×24/,
    crop: '32,32,32',
  },
  'a crop that the network cannot halve': {
    make: (folder) => writePhantoms(folder, 2, [24, 24, 24]),
    message: /sides must be multiples of 8, such as 16,16,16/,
    crop: '18,16,16',
  },
  'one volume only': {
    make: (folder) => writePhantoms(folder, 1, [24, 24, 24]),
    message: /only one usable volume .* at least two/,
  },
  'an engine that is not installed': {
    make: (folder) => writePhantoms(folder, 2, [24, 24, 24]),
    message: /tensorflow-gpu/,
    flags: ['--engine', 'tensorflow-gpu'],
  },
};

for (const [name, { make, message, crop = CROP, flags = [] }] of Object.entries(inputs)) {
  test(`pretrain refuses ${name}`, async (t) => {
    const folder = await tempFolder(t);
    await make(join(folder, 'in'));
    const args = ['pretrain', '--data', join(folder, 'in'), '--out', join(folder, 'run', 'deep')];
    await refuses(
      t,
      [...args, '--crop', crop, '--width', '2', '--epochs', '1', '--quiet', ...flags],
      message,
      { folder, name: 'run' },
    );
  });
}

const wrongFlags: Record<string, { args: string[]; message: RegExp }> = {
  'an unknown flag': { args: ['--bach', '3'], message: /unknown option '--bach'/ },
  'a word for a number': { args: ['--batch', 'six'], message: /option 'batch' is "six"/ },
  "another proxy task's option": {
    args: ['--proxy-task', 'rotation', '--proxy-options', 'ratio: 0.5'],
    message: /unknown option 'proxyOptions\.ratio'/,
  },
  'one folder by two names': {
    args: ['--images', 'z'],
    message: /option 'images' is given twice, once by its older name/,
  },
  'a missing configuration': {
    args: ['--config', 'none.yaml'],
    message: /none\.yaml: no such file/,
  },
};

for (const [name, { args, message }] of Object.entries(wrongFlags)) {
  test(`pretrain refuses ${name}`, async (t) => {
    const { code, stderr } = await runCli(['pretrain', '--data', 'x', '--out', 'y', ...args]);
    t.is(code, 2);
    t.regex(stderr, message);
    t.notRegex(stderr, /\n\s+at /);
  });
}

test('pretrain refuses an output that is a file, and one that cannot be made', async (t) => {
  const folder = await tempFolder(t);
  await writePhantoms(join(folder, 'in'), 2, [24, 24, 24]);
  await writeFile(join(folder, 'file'), 'kept');
  const args = [
    'pretrain',
    '--data',
    join(folder, 'in'),
    '--crop',
    CROP,
    '--width',
    '2',
    '--quiet',
  ];
  const none = { folder, name: 'none' };
  await refuses(t, [...args, '--out', join(folder, 'file')], /is a file/, none);
  await refuses(
    t,
    [...args, '--out', join(folder, 'file', 'run')],
    /cannot write .*not a folder/,
    none,
  );
});

/** Only a shell with `ulimit` can make a disk that becomes full. */
const withLimit = process.platform === 'win32' ? test.skip : test;

withLimit('pretrain leaves nothing when the disk is full', async (t) => {
  const folder = await tempFolder(t);
  await writePhantoms(join(folder, 'in'), 2, [24, 24, 24]);
  const args = ['--data', join(folder, 'in'), '--out', join(folder, 'run'), '--crop', CROP];
  await refuses(
    t,
    ['pretrain', ...args, '--width', '4', '--epochs', '1', '--quiet', '--batch', '2'],
    /cannot write .*checkpoints.*\.safetensors: the file would be too large/,
    { folder, name: 'run' },
    { fileLimit: 64 },
  );
});

test('convert, info and predict refuse what they cannot read or write', async (t) => {
  const folder = await tempFolder(t);
  await writePhantoms(folder, 1, [24, 24, 24]);
  await cp(join(folder, 'p0.nii.gz'), join(folder, 'cut.nii.gz'));
  await truncate(join(folder, 'cut.nii.gz'), 0.5);
  const out = { folder, name: 'out' };
  const path = join(folder, 'out.nii.gz');
  const convert = (input: string, ...rest: string[]): string[] => [
    'convert',
    '--input',
    join(folder, input),
    '--out',
    ...(rest.length > 0 ? rest : [path]),
  ];
  await refuses(t, convert('none.nii'), /none\.nii/, out);
  await refuses(t, convert('cut.nii.gz'), /cut\.nii\.gz: /, out);
  await refuses(t, convert('p0.nii.gz', join(folder, 'out.jpg')), /out\.jpg.*extension/, out);
  await refuses(t, convert('p0.nii.gz'), /out\.nii\.gz/, out, { fileLimit: 4 });
  await refuses(t, ['info', join(folder, 'none')], /none/, out);
  await refuses(
    t,
    [
      'predict',
      '--model',
      join(folder, 'none'),
      '--input',
      join(folder, 'p0.nii.gz'),
      '--out',
      path,
    ],
    /there is no such run/,
    out,
  );
});

const labeled: Record<string, { spoil: (folder: string) => Promise<void>; message: RegExp }> = {
  'a label of another shape': {
    spoil: (folder) =>
      writeValues(join(folder, 'labels', 'case1.nii.gz'), new Uint8Array(1000), [10, 10, 10]),
    message: /the label .*case1\.nii\.gz has 10×10×10 voxels, but its image .* has 20×18×16/,
  },
  'a label that lies elsewhere': {
    spoil: (folder) =>
      writeValues(join(folder, 'labels', 'case1.nii.gz'), new Uint8Array(5760), [20, 18, 16]),
    message: /case1\.nii\.gz \(RAS\) does not lie where its image .* mm apart/,
  },
  'an image without label': {
    spoil: async (folder) => {
      await cp(join(folder, 'images', 'case1.nii.gz'), join(folder, 'images', 'lonely.nii.gz'));
    },
    message: /lonely\.nii\.gz has no label of the same name/,
  },
  'labels that are images': {
    spoil: (folder) =>
      cp(join(folder, 'images', 'case1.nii.gz'), join(folder, 'labels', 'case1.nii.gz')),
    message: /case1\.nii\.gz is no label map: it holds the value [\d.]+, which is no whole number/,
  },
};

for (const [name, { spoil, message }] of Object.entries(labeled)) {
  test(`finetune refuses ${name}`, async (t) => {
    const folder = await tempFolder(t);
    await writeBalls(folder, 3, [20, 18, 16]);
    await spoil(folder);
    const data = ['--images', join(folder, 'images'), '--labels', join(folder, 'labels')];
    const args = ['finetune', '--task', 'segmentation', ...data, '--out', join(folder, 'run')];
    await refuses(t, [...args, '--width', '2', '--quiet'], message, { folder, name: 'run' });
  });
}

test('finetune refuses weights of which nothing fits, and a start that is not there', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 3, [20, 18, 16]);
  const data = ['--images', join(folder, 'images'), '--labels', join(folder, 'labels')];
  const args = ['finetune', '--task', 'segmentation', ...data, '--out', join(folder, 'run')];
  const out = { folder, name: 'run' };
  await refuses(
    t,
    [...args, '--quiet', '--init', join(folder, 'none')],
    /--init .*no such run/,
    out,
  );
  await refuses(t, [...args, '--quiet', '--init', 'zoo:nothing'], /no model 'nothing'/, out);
  await refuses(
    t,
    [...args, '--quiet', '--init', join(folder, 'images', 'case0.nii.gz')],
    /case0\.nii\.gz|neither safetensors/,
    out,
  );
});

test('finetune refuses tables that do not fit', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 3, [20, 18, 16]);
  const table = join(folder, 'classes.csv');
  const args = ['finetune', '--task', 'classification', '--images', join(folder, 'images')];
  const all = [...args, '--labels', table, '--out', join(folder, 'run'), '--width', '2', '--quiet'];
  const out = { folder, name: 'run' };
  for (const [text, message] of [
    ['name,label\ncase0,a\nghost,b\n', /names 'ghost', but .* no volume/],
    ['name,label\ncase0,a\ncase0,b\n', /'case0' stands in more than one row/],
    ['name,label\ncase0,a\ncase1,\n', /row 3 lacks a name or a label/],
    ['name,label\ncase0,a\ncase1,a\n', /only the class 'a'/],
    ['', /the table is empty/],
  ] as const) {
    await writeFile(table, text);
    await refuses(t, all, message, out);
  }
});
