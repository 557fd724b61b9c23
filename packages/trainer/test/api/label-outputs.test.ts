import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildModel,
  encodeModelFile,
  labelStatistics,
  type SegmentationCard,
} from '@genesis/inference';
import { tempFolder } from '@genesis/testing';
import { type ClassStatistics, predict } from '@genesis/trainer';
import { getWeights, selectEngine } from '@genesis/unet3d';
import { createVolume, readVolume, type Volume, writeVolume } from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';
import ndarray from 'ndarray';
import { parseCsv } from '#src/data/csv.js';
import { classColor } from '#src/report/class-colors.js';
import { labelPreview } from '#src/report/label-preview.js';
import { segmentFields } from '#src/tasks/segmentation/class-names.js';
import { writePhantoms } from '../helpers/volumes.js';

const card: SegmentationCard = {
  version: 1,
  kind: 'segmentation',
  network: {
    width: 2,
    levels: 2,
    activation: 'relu',
    norm: 'batch',
    upsampling: 'transposed',
    variant: 'pytorch',
  },
  crop: [16, 16, 16],
  preparation: { orientation: 'RAS', normalization: 'ct', nonFinite: 'error' },
  classes: [
    { value: 0, name: 'background' },
    { value: 2, name: 'left lung, upper' },
    { value: 5, name: 'größe\\heart' },
  ],
};

/** A model whose classes come about equally often, and two volumes. */
async function prepared(
  t: ExecutionContext,
): Promise<{ readonly model: string; readonly at: (name: string) => string }> {
  const folder = await tempFolder(t);
  const at = (name: string): string => join(folder, name);
  await selectEngine('cpu');
  const network = buildModel(card, 3);
  const weights = await getWeights(network);
  network.dispose();
  weights.get('head.conv.kernel')?.data.forEach((value, n, all) => {
    all[n] = value * 20;
  });
  weights.get('head.conv.bias')?.data.fill(0);
  await writeFile(at('model.safetensors'), encodeModelFile({ card, weights }));
  await writePhantoms(at('ct'), 2, [20, 18, 16]);
  return { model: at('model.safetensors'), at };
}

test.serial('statistics, pictures and names come with label volumes', async (t) => {
  const { model, at } = await prepared(t);
  const asked = { model, images: at('ct'), engine: 'cpu' } as const;
  const predictions = await predict({
    ...asked,
    out: at('labels'),
    statistics: at('table.csv'),
    preview: at('pictures'),
    names: true,
  });
  t.is(predictions.length, 2);
  const [header, ...rows] = parseCsv(await readFile(at('table.csv'), 'utf8'));
  t.deepEqual(header.slice(0, 8), [
    'name',
    'class',
    'label',
    'voxels',
    'volume_ml',
    'centroid_x_mm',
    'centroid_y_mm',
    'centroid_z_mm',
  ]);
  t.deepEqual(header.slice(-4), ['mean', 'sd', 'min', 'max']);
  t.is(rows.length, 4);
  let voxels = 0;
  for (const [n, { path = '', input, statistics = [] }] of predictions.entries()) {
    const found = labelStatistics(await readVolume(path), [await readVolume(input)], [2, 5]);
    for (const [c, one] of statistics.entries()) {
      const { intensities, ...rest } = found[c];
      const { name, label, intensities: own, ...said } = one;
      t.deepEqual(said, rest);
      t.deepEqual(own.image, intensities[0]);
      t.is(label, card.classes[c + 1].value);
      const row = rows[2 * n + c];
      t.is(row[1], name);
      t.is(Number(row[3]), rest.voxels);
      voxels += rest.voxels;
    }
    const png = await readFile(at(`pictures/${predictions[n].name}.png`));
    t.deepEqual([...png.subarray(1, 4)], [...Buffer.from('PNG')]);
    const names = JSON.parse(await readFile(path.replace(/\.nii\.gz$/, '.json'), 'utf8')) as object;
    t.deepEqual(names, {
      format: 'genesis-labels-1',
      labels: [
        { value: 2, name: 'left lung, upper', color: '#ff5c48' },
        { value: 5, name: 'größe\\heart', color: '#40b0ff' },
      ],
    });
  }
  t.true(voxels > 0);
  await t.throwsAsync(predict({ ...asked, out: at('other'), statistics: at('table.csv') }), {
    message: /table\.csv is there already/,
  });
  await t.throwsAsync(predict({ ...asked, out: at('other'), statistics: at('table.txt') }), {
    code: 'bad-argument',
    message: /neither in \.csv nor in \.json/,
  });
});

test.serial('a .seg.nrrd has the segments in its header, in a folder or as a file', async (t) => {
  const { model, at } = await prepared(t);
  const asked = { model, images: at('ct'), engine: 'cpu', names: true } as const;
  await predict({ ...asked, out: at('labels'), format: 'seg.nrrd', statistics: at('all.json') });
  const files = (await readdir(at('labels'))).sort();
  t.true(files.length === 2 && files.every((name) => name.endsWith('.seg.nrrd')), files.join());
  const { header } = await readVolume(join(at('labels'), files[0]));
  t.is(header.format, 'nrrd');
  const cases = JSON.parse(await readFile(at('all.json'), 'utf8')) as {
    readonly name: string;
    readonly classes: readonly ClassStatistics[];
  }[];
  t.deepEqual(
    cases[1].classes.map(({ name, label }) => [name, label]),
    [
      ['left lung, upper', 2],
      ['größe\\heart', 5],
    ],
  );
});

/** The header of the file that `test/reference/read_segments.py` has read with slicerio, pynrrd and SimpleITK. */
const headerOf = (bytes: Buffer): string => bytes.subarray(0, bytes.indexOf('\n\n')).toString();

test('the header of a .seg.nrrd is that which 3D Slicer’s own reader understands', async (t) => {
  const folder = await tempFolder(t);
  const path = join(folder, 'organs.seg.nrrd');
  const data = ndarray(
    Uint8Array.from({ length: 24 }, (_, n) => [0, 2, 5][n % 3]),
    [4, 3, 2],
  );
  const affine = Float64Array.of(-2, 0, 0, 10, 0, 0, 3, -20, 0, 1.5, 0, 30, 0, 0, 0, 1);
  const volume = createVolume(data, { affine }) as Volume;
  await writeVolume(path, volume, { keyValues: segmentFields(card, volume) });
  const fixture = new URL('../../../test/tasks/fixtures/organs.seg.nrrd', import.meta.url);
  t.is(headerOf(await readFile(path)), headerOf(await readFile(fixture)));
});

test('a picture shows the fullest planes in millimetres, with outlines in the colours of the classes', (t) => {
  const shape = [20, 10, 10];
  const labels = new Uint8Array(2000);
  const at = (i: number, j: number, k: number): number => (i * 10 + j) * 10 + k;
  for (let i = 4; i < 12; i++) {
    for (let j = 2; j < 8; j++) for (let k = 3; k < 6; k++) labels[at(i, j, k)] = 5;
  }
  const affine = Float64Array.of(1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  const map = createVolume(ndarray(labels, shape), { affine }) as Volume;
  const image = createVolume(
    ndarray(
      Float32Array.from(labels, (_, n) => n % 10),
      shape,
    ),
    {
      affine,
    },
  ) as Volume;
  const { pixels, width, height } = labelPreview(image, map, [2, 5]);
  // 20 × 20 mm, 20 × 10 mm and 20 × 10 mm at 384 pixels for 20 mm.
  t.deepEqual([width, height], [384 * 3 + 16, 384]);
  const pixel = (x: number, y: number): number[] => [
    ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];
  const color = [...classColor(1)];
  // The patient's right is on the left: x from 4 to 12 mm ends 8 mm from the left border.
  const column = Math.round((8 / 20) * 384);
  t.deepEqual(pixel(column, 192), color);
  t.notDeepEqual(pixel(column - 3, 192), color);
  t.notDeepEqual(pixel(column + 5, 192), color, 'an outline, not an area');
  t.deepEqual(pixel(384 + 4, 192), [0, 0, 0], 'a gap');
  const none = labelPreview(
    image,
    createVolume(ndarray(new Uint8Array(2000), shape), { affine }) as Volume,
    [5],
  );
  for (let n = 0; n < none.pixels.length; n += 3) {
    if (none.pixels[n] !== none.pixels[n + 1]) return t.fail('nothing is coloured');
  }
});

test('colours of classes differ, however many there are', (t) => {
  const colors = Array.from({ length: 120 }, (_, n) => classColor(n));
  t.is(new Set(colors.map(String)).size, 120);
  t.true(colors.flat().every((one) => Number.isInteger(one) && one >= 0 && one <= 255));
});
