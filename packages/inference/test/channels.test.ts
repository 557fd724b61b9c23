import { createRng } from '@genesis/core';
import {
  inputChannels,
  type Network,
  type Preparation,
  parseModelCard,
  prepareChannels,
  prepareImage,
  prepareVolume,
  referenceNetwork,
  type SegmentationCard,
  segmentVolume,
} from '@genesis/inference';
import { createVolume, reorient, resampleLike, type Vec3, type Volume } from '@genesis/volume-io';
import test from 'ava';
import ndarray from 'ndarray';

const preparation: Preparation = {
  orientation: 'RAS',
  normalization: 'ct',
  nonFinite: 'error',
  channels: [
    { name: 'CT', normalization: 'ct' },
    { name: 'PET', normalization: 'percentile' },
  ],
};

function noise(shape: Vec3, seed: number, affine?: number[]): Volume<Float32Array> {
  const values = new Float32Array(shape[0] * shape[1] * shape[2]);
  createRng(seed).fillUniform(values);
  for (let n = 0; n < values.length; n++) values[n] = 2000 * values[n] - 1000;
  return createVolume(values, affine ? { shape, affine } : { shape });
}

test('each channel is normalized in its own way, and they lie beside each other in each voxel', (t) => {
  const [ct, pet] = [noise([6, 5, 4], 0), noise([6, 5, 4], 1)];
  const { data } = prepareImage([ct, pet], preparation);
  t.deepEqual(data.shape, [6, 5, 4, 2]);
  t.deepEqual(data.stride, [40, 8, 2, 1]);
  const alone = [
    prepareVolume(ct, { ...preparation, normalization: 'ct' }),
    prepareVolume(pet, { ...preparation, normalization: 'percentile' }),
  ];
  for (const at of [
    [0, 0, 0],
    [5, 4, 3],
    [2, 3, 1],
  ]) {
    for (const n of [0, 1]) t.is(data.get(...at, n), alone[n].data.get(...at));
  }
  const [one] = prepareChannels(ct, { ...preparation, channels: undefined });
  t.deepEqual(one.data.data, alone[0].data.data, 'one volume is one channel without name');
});

test('a channel stored along other axes is turned, one on another grid refused or resampled', (t) => {
  const [ct, pet] = [noise([6, 5, 4], 0), noise([6, 5, 4], 1)];
  const turned = reorient(pet, 'LPS');
  const [, same] = prepareChannels([ct, turned], preparation);
  t.deepEqual([...same.data.data], [...prepareChannels([ct, pet], preparation)[1].data.data]);
  const coarse = noise([3, 3, 2], 2, [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]);
  t.throws(() => prepareChannels([ct, coarse], preparation), {
    code: 'bad-argument',
    message: /the channel PET has 3×3×2 voxels, but the first has 6×5×4; .*--resample-channels/,
  });
  const [, resampled] = prepareChannels([ct, coarse], { ...preparation, resampleChannels: true });
  const fill = Math.min(...coarse.data.data);
  const expected = prepareVolume(resampleLike(coarse, ct, { fill }), {
    ...preparation,
    normalization: 'percentile',
  });
  t.deepEqual(resampled.data.data, expected.data.data);
});

test('a channel may be missing where the card says so: zeros; their number must be right', (t) => {
  const ct = noise([6, 5, 4], 0);
  t.throws(() => prepareChannels([ct, undefined], preparation), {
    message: /the channel PET is missing, which the model was not trained for/,
  });
  const lenient = { ...preparation, allowMissing: true };
  const [, zeros] = prepareChannels([ct, undefined], lenient);
  t.deepEqual([...zeros.data.shape], [6, 5, 4]);
  t.true(zeros.data.data.every((value) => value === 0));
  const [first] = prepareChannels([undefined, ct], lenient);
  t.true(first.data.data.every((value) => value === 0));
  t.throws(() => prepareChannels([undefined, undefined], lenient), {
    message: /no channel at all/,
  });
  t.throws(() => prepareChannels(ct, preparation), {
    message: /the image has one channel, but the model takes 2 \(CT, PET\)/,
  });
});

test('windows hold all channels; a card keeps their names', async (t) => {
  const card: SegmentationCard = {
    version: 1,
    kind: 'segmentation',
    network: referenceNetwork,
    crop: [4, 4, 4],
    preparation: { ...preparation, allowMissing: true },
    classes: [
      { value: 0, name: 'background' },
      { value: 1, name: 'more in PET' },
    ],
  };
  t.deepEqual(parseModelCard(JSON.parse(JSON.stringify(card))), {
    ...card,
    preparation: { ...card.preparation, spacing: undefined, resampleChannels: undefined },
  });
  t.is(inputChannels(card.preparation), 2);
  const network: Network = async (crops) =>
    crops.map((crop) => {
      t.is(crop.length, 2 * 64);
      return Float32Array.from({ length: 128 }, (_, n) => {
        const voxel = n >> 1;
        const isMore = crop[2 * voxel + 1] > crop[2 * voxel];
        return Number(isMore === (n % 2 === 1));
      });
    });
  const [ct, pet] = [noise([9, 7, 6], 0), noise([9, 7, 6], 1)];
  const { classes } = await segmentVolume([ct, pet], network, card);
  const { data } = prepareImage([ct, pet], preparation);
  const expected = Array.from({ length: 9 * 7 * 6 }, (_, n) =>
    Number(data.data[2 * n + 1] > data.data[2 * n]),
  );
  t.deepEqual([...classes.data], expected);
  const missing = await segmentVolume([ct, undefined], network, card);
  t.true(missing.classes.data.every((value) => value === 0));
  t.deepEqual(ndarray(missing.classes.data, [9, 7, 6]).shape, [9, 7, 6]);
});
