import { EntropyMap, meanOfNetworks, mirroredNetwork, type Network } from '@genesis/inference';
import test from 'ava';
import ndarray from 'ndarray';

const CROP = [2, 3, 4] as const;

/** Two values for each voxel: its intensity and its place, so that it does not commute with mirroring. */
const network: Network = async (crops) =>
  crops.map((crop) =>
    Float32Array.from({ length: 2 * crop.length }, (_, n) => (n % 2 === 0 ? crop[n >> 1] : n >> 1)),
  );

const input = Float32Array.from({ length: 24 }, (_, n) => Math.sin(n));

test('mirror images are turned back, and the mean is taken over all combinations of axes', async (t) => {
  const [output] = await mirroredNetwork(network, CROP, [0, 2])([input]);
  for (let v = 0; v < 24; v++) {
    t.true(Math.abs(output[2 * v] - input[v]) < 1e-6);
    const y = Math.floor(v / 4) % 3;
    // Places along mirrored axes become their middle, along the other one they stay.
    t.is(output[2 * v + 1], 0.5 * 12 + y * 4 + 1.5);
  }
});

test('several channels of a voxel stay together, and each crop of a batch is mirrored by itself', async (t) => {
  const same: Network = async (crops) => crops;
  const wide = Float32Array.from({ length: 72 }, (_, n) => n + 1);
  const [first, second] = await mirroredNetwork(same, CROP, [1])([wide, wide.map((v) => -v)]);
  t.deepEqual(first, wide);
  t.deepEqual(
    second,
    wide.map((v) => -v),
  );
});

test('without axes the network is itself, and one of several is not wrapped', (t) => {
  t.is(mirroredNetwork(network, CROP, []), network);
  t.is(meanOfNetworks([network]), network);
});

test('entropy is 0 where one class is certain and 1 where all are alike, however its blocks come', (t) => {
  const probabilities = [
    [1, 0, 0],
    [1 / 3, 1 / 3, 1 / 3],
    [0.5, 0.5, 0],
  ];
  const whole = new EntropyMap([1, 1, 3], 3);
  const values = Float32Array.from(probabilities.flat());
  whole.add({ start: [0, 0, 0], channel: 0, values: ndarray(values, [1, 1, 3, 3]) });
  const parts = new EntropyMap([1, 1, 3], 3);
  for (let channel = 0; channel < 3; channel++) {
    const one = Float32Array.from(probabilities, (row) => row[channel]);
    parts.add({ start: [0, 0, 0], channel, values: ndarray(one, [1, 1, 3, 1]) });
  }
  const wanted = [0, 1, Math.log(2) / Math.log(3)];
  for (const map of [whole, parts]) {
    t.true(map.values.data.every((value, n) => Math.abs(value - wanted[n]) < 1e-6));
  }
});
