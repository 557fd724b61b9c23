import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { loadModel } from '@genesis/trainer';
import { createRng } from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import type { OfVoxels } from '#src/tasks/pretrain/voxel-outputs/api.js';
import { kMeans, lloyd } from '#src/tasks/pretrain/voxel-outputs/k-means.js';
import { RegionMap } from '#src/tasks/pretrain/voxel-outputs/region-map.js';
import { pretrainRamps } from '../../helpers/pretrain-ramps.js';

const clusters: Record<'points' | 'start' | 'centers', number[]> = JSON.parse(
  readFileSync('test/tasks/regions/clusters.json', 'utf8'),
);

test("clusters are scikit-learn's from the same start", (t) => {
  const [points, start] = [clusters.points, clusters.start].map((one) => Float32Array.from(one));
  const found = lloyd(points, 4, start);
  const error = Math.max(...found.map((value, n) => Math.abs(value - clusters.centers[n])));
  t.true(error < 1e-5, `${error}`);
  t.deepEqual(start, Float32Array.from(clusters.start), 'the start is left as it is');
});

test('clusters far from each other are found from their points alone, the same for a seed', (t) => {
  const rng = createRng(1);
  const wanted = [-0.75, 0, 0.75];
  const points = Float32Array.from({ length: 300 }, (_, n) => wanted[n % 3] + 0.1 * rng.uniform());
  const centers = [...kMeans(points, 1, 3, createRng(2))].sort((a, b) => a - b);
  for (const [n, center] of centers.entries()) {
    t.true(Math.abs(center - wanted[n] - 0.05) < 0.02, `${center}`);
  }
  t.deepEqual(kMeans(points, 1, 3, createRng(3)), kMeans(points, 1, 3, createRng(3)));
  t.is(kMeans(Float32Array.of(1, 1, 2, 2), 1, 5, rng).length, 2, 'two different points alone');
});

/** A bright block between dark faces along x, brighter with y, with one more channel where asked. */
function block(change: (value: number) => number, channels = 1): OfVoxels {
  const shape = [12, 12, 12, ...(channels > 1 ? [channels] : [])];
  const data = new Float32Array(12 ** 3 * channels);
  for (let n = 0; n < 12 ** 3; n++) {
    const [x, y] = [Math.floor(n / 144), Math.floor(n / 12) % 12];
    data[n * channels] = x < 3 || x > 8 ? 0 : change(0.5 + y / 30);
  }
  const site = { first: [-1, -1, -1], step: [2 / 11, 2 / 11, 2 / 11] } as const;
  return { target: ndarray(data, shape), site: { first: [...site.first], step: [...site.step] } };
}

test('regions are parts of the bright body, the dark is one of its own', (t) => {
  const { target, site } = block((value) => value);
  const map = RegionMap.of([{ target, site }], 6, createRng(4));
  t.is(map.count, 7);
  const labels = map.label(target, site);
  const at = (x: number, y: number, z: number): number => labels[(x * 12 + y) * 12 + z];
  t.is(at(0, 6, 6), 0);
  t.is(at(11, 6, 6), 0);
  t.true(at(6, 6, 6) > 0);
  t.true(new Set(labels).size === 7, 'each region has voxels');
  t.not(at(6, 1, 1), at(6, 1, 10), 'places tell regions apart');
});

test('regions depend on the spread of intensities, not on their scale; other channels do not matter', (t) => {
  const labelsOf = (one: OfVoxels): Uint8Array =>
    RegionMap.of([one], 6, createRng(4)).label(one.target, one.site);
  const plain = labelsOf(block((value) => value));
  const others = labelsOf(block((value) => value, 2));
  t.deepEqual(others, plain);
  const scaled = labelsOf(block((value) => 0.25 + value * 0.7));
  const changed = scaled.filter((label, n) => (label === 0) !== (plain[n] === 0)).length;
  t.true(changed / plain.length < 0.1, `${changed} voxels changed sides`);
});

test.serial(
  'a network learns regions, better than the most frequent one; a resumed run is the same',
  async (t) => {
    const folder = await tempFolder(t);
    const { whole, parts } = await pretrainRamps(folder, {
      proxyOptions: { patch: [4, 4, 4], ratio: 0.3 },
      places: 0.1,
      regions: 5,
      regionsWeight: 0.5,
    });
    const { regionAccuracy, regionChance, explainedPlaces } = whole.best?.validation ?? {};
    t.true(regionAccuracy > regionChance + 0.1, `${regionAccuracy}, by chance ${regionChance}`);
    t.true(Number.isFinite(explainedPlaces), 'both are told');
    t.deepEqual(parts.best, whole.best);

    const { model } = await loadModel(join(folder, 'whole'));
    t.deepEqual(
      model.outputs.map(({ shape }) => shape.at(-1)),
      [1, 3, 6],
    );
    model.dispose();
  },
);
