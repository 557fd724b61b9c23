import { inflateSync } from 'node:zlib';
import test from 'ava';
import ndarray from 'ndarray';
import { thinOut } from '#src/report/curves.js';
import { lineChart } from '#src/report/line-chart.js';
import { encodePng } from '#src/report/png.js';
import { graySlice, outlinedSlice } from '#src/report/slices.js';
import { linearTicks, logTicks, shortNumber } from '#src/report/ticks.js';

/** Pixels of a PNG whose rows are not filtered. */
function decodePng(bytes: Uint8Array): {
  width: number;
  height: number;
  channels: number;
  pixels: number[];
} {
  const buffer = Buffer.from(bytes);
  const width = buffer.readUInt32BE(16);
  const height = buffer.readUInt32BE(20);
  const channels = buffer[25] === 0 ? 1 : 3;
  const length = buffer.readUInt32BE(33);
  const rows = inflateSync(buffer.subarray(41, 41 + length));
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) {
    const start = y * (width * channels + 1);
    pixels.push(...rows.subarray(start + 1, start + 1 + width * channels));
  }
  return { width, height, channels, pixels };
}

test('PNG: grey and colour, byte for byte', (t) => {
  const gray = decodePng(encodePng(Uint8Array.of(0, 50, 100, 150, 200, 255), 3, 2));
  t.deepEqual(gray, { width: 3, height: 2, channels: 1, pixels: [0, 50, 100, 150, 200, 255] });
  t.is(decodePng(encodePng(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, 1)).channels, 3);
  t.throws(() => encodePng(new Uint8Array(5), 2, 2), { instanceOf: RangeError });
  // The checksum of the empty last chunk is the same in every PNG.
  t.deepEqual([...encodePng(Uint8Array.of(0), 1, 1).slice(-4)], [0xae, 0x42, 0x60, 0x82]);
});

test('slices lie as radiologists look at them', (t) => {
  const volume = ndarray(new Float32Array(2 * 3 * 4), [2, 3, 4]);
  // The voxel furthest right, anterior and superior.
  volume.set(1, 2, 3, 1);
  const axial = graySlice(volume, 2, 3);
  t.deepEqual([axial.width, axial.height], [2, 3]);
  t.is(axial.pixels[0], 255);
  const coronal = graySlice(volume, 1, 2);
  t.deepEqual([coronal.width, coronal.height, coronal.pixels[0]], [2, 4, 255]);
  const sagittal = graySlice(volume, 0, 1);
  t.deepEqual([sagittal.width, sagittal.height, sagittal.pixels[0]], [3, 4, 255]);
});

test('outlines are coloured, what is inside and outside stays grey', (t) => {
  const volume = ndarray(new Float32Array(25).fill(0.5), [5, 5, 1]);
  const classes = ndarray(new Uint8Array(25), [5, 5, 1]);
  for (let i = 1; i < 4; i++) for (let j = 1; j < 4; j++) classes.set(i, j, 0, 1);
  const { pixels, width } = outlinedSlice(volume, classes, 2, 0);
  const at = (x: number, y: number): number[] => [
    ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];
  t.is(width, 15);
  t.deepEqual(at(7, 7), [128, 128, 128]);
  t.deepEqual(at(0, 0), [128, 128, 128]);
  t.deepEqual(at(3, 7), [255, 92, 72]);
});

test('ticks are round and within the range', (t) => {
  t.deepEqual(linearTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  t.deepEqual(linearTicks(3, 3), [3]);
  t.deepEqual(logTicks(0.01, 0.2), [0.01, 0.02, 0.05, 0.1, 0.2]);
  t.deepEqual(logTicks(1e-6, 1), [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]);
  t.deepEqual([0, 0.00001234, 0.034567, 12.3, 123456].map(shortNumber), [
    '0',
    '1.23e-5',
    '0.03457',
    '12.3',
    '1.2e5',
  ]);
});

test('a chart shows its curves, leaves out what is no number, and escapes names', (t) => {
  const svg = lineChart({
    title: 'a <b>',
    xLabel: 'step',
    yLabel: 'loss',
    logarithmic: true,
    baselines: [{ name: 'identity', y: 0.2 }],
    mark: { x: 2, y: 0.05, name: 'best' },
    series: [
      {
        name: 'training',
        style: 'train',
        points: [
          { x: 1, y: 0.1 },
          { x: 2, y: 0.05 },
          { x: 3, y: Number.NaN },
          { x: 4, y: 0 },
        ],
      },
    ],
  });
  t.false(/NaN|Infinity/.test(svg));
  t.true(svg.includes('a &lt;b&gt;') && !svg.includes('<b>'));
  t.is(svg.match(/L\d/g)?.length, 1);
  t.true(svg.includes('class="baseline"') && svg.includes('class="mark"'));
  t.true(lineChart({ title: 'x', xLabel: '', yLabel: '', series: [] }).includes('no values yet'));
});

test('long curves are averaged, short ones kept', (t) => {
  const points = Array.from({ length: 1000 }, (_, x) => ({ x, y: 1 }));
  const thin = thinOut(points, 100);
  t.is(thin.length, 100);
  t.deepEqual(thin[0], { x: 4.5, y: 1 });
  t.is(thinOut(points, 1000).length, 1000);
});
