import { cutCrop } from '@genesis/inference';
import { createAugmentation, createRng } from '@genesis/transforms';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import ndarray from 'ndarray';
import { resolveConfig } from '#src/config/resolve-config.js';
import { augment } from '#src/data/augment.js';
import { epochOrder } from '#src/data/epoch-order.js';
import { STREAM } from '#src/data/streams.js';
import { classificationData } from '#src/tasks/classification/data.js';
import { classificationOptions } from '#src/tasks/classification/options.js';
import type { AugmentChoice } from '#src/tasks/common/augmentation/api.js';
import { augmentationFor } from '#src/tasks/common/augmentation/augmentation-for.js';
import { marginOf } from '#src/tasks/common/augmentation/margin-of.js';
import { thickAxis } from '#src/tasks/common/augmentation/thick-axis.js';
import { type SegmentationDataOpts, segmentationData } from '#src/tasks/segmentation/data.js';
import { IGNORED } from '#src/tasks/segmentation/label-classes.js';
import type { LabeledVolume } from '#src/tasks/segmentation/labeled-pairs.js';
import { segmentationOptions } from '#src/tasks/segmentation/options.js';
import { findClassVoxels, placeCrop } from '#src/tasks/segmentation/place-crop.js';
import { ball } from '../helpers/volumes.js';

const needed = { task: 'segmentation', images: 'in', labels: 'labels', out: 'run' };
const resolve = (given: object) => resolveConfig(segmentationOptions, { ...needed, ...given });

test('augment is basic, mirrors nothing, and knows names, options and lists', (t) => {
  t.is(resolve({}).augment, 'basic');
  t.is(resolve({}).flipAxes, undefined);
  const choices: AugmentChoice[] = [
    'none',
    'nnunet-no-mirror',
    'gaussian-noise',
    { name: 'nnunet', opts: { mirrorAxes: [0, 1] } },
    [
      { name: 'spatial', opts: { rotation: { angle: [[0, 1], 0, 0.5] }, order: 3 } },
      { name: 'one-of', steps: ['gamma', { name: 'contrast' }], opts: { rate: 0.5 } },
      { name: 'compose', steps: [{ name: 'ghosting', opts: { restore: null } }] },
    ],
  ];
  for (const augment of choices) t.deepEqual(resolve({ augment }).augment, augment);
  const classes = { ...needed, task: 'classification', augment: 'light' };
  t.is(resolveConfig(classificationOptions, classes).augment, 'light');
});

for (const [augment, message] of [
  ['nnunett', /^option 'augment' is "nnunett": .* did you mean 'nnunet'\?$/],
  ['nnunetNoMirror', /did you mean 'nnunet-no-mirror'\?$/],
  ['Basic', /did you mean 'basic'\?$/],
  ['xyzzy', /choose from none, basic, spatial, mirror,/],
  [3, /give a name, or a mapping with name and opts$/],
  [[], /a list of augmentations is needed$/],
  [['gamma', 'gama'], /^option 'augment\.1' is "gama": .* did you mean 'gamma'\?$/],
  [['basic'], /there is no such augmentation/],
  ['one-of', /give it as a mapping with name and steps$/],
  [{ name: 'one-of', steps: ['gama'] }, /^option 'augment\.steps\.0' is "gama"/],
  [{ name: 'one-of', steps: ['gamma'], opts: { rat: 1 } }, /opts\.rat' .* did you mean 'rate'\?$/],
  [{ name: 'gamma', gamma: 2 }, /stand in its opts: \{ name: gamma, opts: \{ gamma: … \} \}$/],
  [{ name: 'gamma', option: {} }, /beside its name, gamma has opts$/],
  [{ name: 'gamma', opts: { rat: 1 } }, /^option 'augment\.opts\.rat' is 1: .*'rate'\?$/],
  [
    { name: 'spatial', opts: { rotation: { angel: 1 } } },
    /^option 'augment\.opts\.rotation\.angel' is 1: spatial has no such option; did you mean 'angle'\?$/,
  ],
  [{ name: 'spatial', opts: { patch: [8, 8, 8] } }, /spatial has no such option/],
  [
    { name: 'gamma', opts: { rate: 2 } },
    /^option 'augment\.opts\.rate' is 2: it must be at most 1/,
  ],
  [{ name: 'gamma', opts: { gamma: 'high' } }, /give a number, or two in order/],
  [{ name: 'gamma', opts: { gamma: [2, 1] } }, /gamma is 2…1; give a number, or two in order/],
] as const) {
  test(`augment: ${JSON.stringify(augment)} is refused`, (t) => {
    t.regex(t.throws(() => resolve({ augment }), { code: 'bad-config' })?.message ?? '', message);
  });
}

test('options of basic go with basic alone', (t) => {
  t.throws(() => resolve({ augment: 'light', flipAxes: ['x'] }), {
    message: /^option 'flipAxes' is \["x"\]: it belongs to augment 'basic'/,
  });
  t.throws(() => resolve({ augment: 'none', intensityRate: 0.2 }), {
    message: /^option 'intensityRate' is 0\.2: it belongs to augment 'basic'/,
  });
  t.deepEqual(resolve({ flipAxes: ['x'] }).flipAxes, ['x']);
});

test('whatever is drawn, a crop is cut, with the label beyond the volume that was asked for', (t) => {
  const crop = [6, 5, 4] as const;
  const choices: AugmentChoice[] = [
    'light',
    'gamma',
    ['gamma', 'torchio-mr', 'mirror'],
    { name: 'one-of', steps: ['spatial', 'light'], opts: { rate: 0.5 } },
    { name: 'one-of', steps: ['spatial', 'gamma'] },
    [{ name: 'compose', steps: ['gamma', { name: 'spatial', opts: { rotation: {} } }] }],
  ];
  const image = ndarray(
    Float32Array.from({ length: 1000 }, (_, n) => n),
    [10, 10, 10],
  );
  const label = ndarray(new Uint8Array(1000).fill(7), [10, 10, 10]);
  for (const choice of choices) {
    const spec = augmentationFor(choice, { crop, labelFill: 9 });
    if (!spec) return t.fail();
    for (let seed = 0; seed < 10; seed++) {
      const made = createAugmentation(spec).make({ image, label }, createRng(seed));
      t.deepEqual(made.image.shape, [...crop]);
      t.true([...(made.label?.data ?? [])].every((value) => value === 7 || value === 9));
    }
  }
  t.is(augmentationFor('none', { crop }), undefined);
  t.is(augmentationFor('basic', { crop }), undefined);
});

test('slices three times as far apart as their voxels are thick; nothing is read across them', (t) => {
  t.is(thickAxis([[1, 1, 1]]), undefined);
  t.is(thickAxis([[1, 1, 3]]), undefined);
  t.is(thickAxis([[1, 1, 3.1]]), 2);
  t.is(thickAxis([[0.5, 5, 0.5]]), 1);
  t.is(thickAxis([[0.5, 5, 5]]), undefined, 'two thick axes');
  t.is(
    thickAxis([
      [1, 1, 9],
      [1, 1, 1],
      [1, 1, 1],
    ]),
    undefined,
    'the median counts',
  );
  const crop = [10, 11, 12] as const;
  const margin = (choice: AugmentChoice, acrossAxis?: 0 | 1 | 2) =>
    marginOf(augmentationFor(choice, { crop, acrossAxis }) ?? { name: 'mirror' }, crop);
  t.deepEqual(margin('nnunet'), [3, 4, 4]);
  t.deepEqual(margin('nnunet', 2), [3, 4, 0]);
  t.deepEqual(margin('gamma', 2), [0, 0, 0]);
  t.deepEqual(margin([{ name: 'spatial', opts: { shear: {} } }], 2), [3, 4, 4]);
  t.deepEqual(margin({ name: 'nnunet', opts: { acrossAxis: 0 } }, 2), [0, 4, 4]);
});

/** Balls with classes 0, 1, 2, of which those in the last slices do not count. */
function loadBall(index: number): LabeledVolume {
  const shape: [number, number, number] = [20 + index, 18, 16];
  const { image, labels } = ball({ shape, center: [10, 9, 8], radius: 5, seed: index });
  const all = cutCrop(image.data as LabeledVolume['image'], [0, 0, 0], shape);
  const classes = cutCrop(labels.data as LabeledVolume['classes'], [0, 0, 0], shape);
  for (let x = 0; x < shape[0]; x++)
    for (let y = 0; y < 18; y++) for (let z = 12; z < 16; z++) classes.set(x, y, z, IGNORED);
  for (let n = 0; n < all.data.length; n++) all.data[n] /= 1000;
  return { image: all, classes };
}

const crop: [number, number, number] = [12, 12, 12];
const opts: SegmentationDataOpts = {
  load: async (index) => loadBall(index),
  train: [0, 1, 2],
  validation: [3],
  classes: 3,
  crop,
  batchSize: 2,
  cropsPerVolume: 3,
  foreground: 0.5,
  vary: { flipAxes: [], intensityRate: 0 },
  margin: [0, 0, 0],
  labelFill: 0,
  workers: 0,
  seed: 5,
  cacheBytes: 2 ** 24,
  pathOf: String,
};

function varied(choice: AugmentChoice, given: Partial<SegmentationDataOpts> = {}) {
  const labelFill = given.labelFill ?? 0;
  const augmentation = augmentationFor(choice, { crop, labelFill });
  const margin = augmentation ? marginOf(augmentation, crop) : opts.margin;
  return segmentationData({ ...opts, augmentation, margin, ...given });
}

/** Images and targets of an epoch from a step on. */
async function epochOf(
  data: Awaited<ReturnType<typeof varied>>,
  epoch: number,
  firstStep: number,
): Promise<{ x: Float32Array; y: Float32Array }[]> {
  const found = [];
  for await (const { x, targets } of data.batches(epoch, firstStep, data.stepsPerEpoch)) {
    found.push({
      x: Float32Array.from(x.dataSync()),
      y: Float32Array.from(targets[0].dataSync()),
    });
    tf.dispose([x, ...targets]);
  }
  await data.close();
  return found;
}

test.before(() => tf.setBackend('cpu'));

test.serial(
  'augmented batches do not depend on workers, nor on where an epoch is entered',
  async (t) => {
    const choice: AugmentChoice = [
      { name: 'spatial', opts: { rotation: {}, scaling: {} } },
      { name: 'gaussian-noise', opts: { sigma: 0.1 } },
      'mirror',
    ];
    const whole = await epochOf(await varied(choice), 3, 0);
    t.is(whole.length, 4);
    for (const workers of [1, 2]) {
      t.deepEqual(
        await epochOf(await varied(choice, { workers }), 3, 0),
        whole,
        `${workers} workers`,
      );
      t.deepEqual(await epochOf(await varied(choice, { workers }), 3, 2), whole.slice(2));
    }
    t.notDeepEqual(await epochOf(await varied(choice), 4, 0), whole, 'another epoch');
    t.notDeepEqual(await epochOf(await varied(choice, { seed: 6 }), 3, 0), whole, 'another seed');
  },
);

test.serial(
  'basic batches: places, then mirroring and contrast, of one stream a sample',
  async (t) => {
    const vary = { flipAxes: ['x', 'z'] as const, intensityRate: 0.5 };
    const found = await epochOf(await varied('basic', { vary }), 1, 1);
    const order = epochOrder(3, 3, 3, createRng(5, STREAM.order, 1));
    for (const [n, { x, y }] of found.entries()) {
      for (const member of [0, 1]) {
        const index = 2 * (n + 1) + member;
        const rng = createRng(5, STREAM.augment, 1, index);
        const { image, classes } = loadBall(order[index].volume);
        const start = placeCrop(image.shape, crop, findClassVoxels(classes, 3), 0.5, rng);
        const cut = { image: cutCrop(image, start, crop), classes: cutCrop(classes, start, crop) };
        const made = augment(cut, vary, rng);
        t.deepEqual(x.subarray(member * 1728, (member + 1) * 1728), made.image.data);
        const own = y.subarray(member * 5184, (member + 1) * 5184);
        t.true(made.classes.data.every((c, at) => c === IGNORED || own[3 * at + c] === 1));
      }
    }
  },
);

test.serial(
  'a crop that nothing changes is the crop without augmentation, at borders too',
  async (t) => {
    // 18 and 16 voxels are fewer than 20: those crops are padded.
    const big: Partial<SegmentationDataOpts> = { crop: [12, 20, 12] };
    for (const given of [{}, big]) {
      const still: AugmentChoice = [
        { name: 'spatial', opts: { rotation: { rate: 0 } } },
        { name: 'gamma', opts: { rate: 0 } },
      ];
      const sides = given.crop ?? crop;
      const augmentation = augmentationFor(still, { crop: sides });
      if (!augmentation) return t.fail();
      const margin = marginOf(augmentation, sides);
      const plain = await epochOf(await varied('none', given), 0, 0);
      const data = await segmentationData({ ...opts, ...given, augmentation, margin });
      t.deepEqual(await epochOf(data, 0, 0), plain);
    }
  },
);

test.serial('voxels that do not count stay so, and classes are never invented', async (t) => {
  const turning: AugmentChoice = [
    { name: 'spatial', opts: { rotation: { angle: 0.5 }, scaling: { factor: [0.7, 1.4] } } },
    'mirror',
  ];
  const count = async (load: SegmentationDataOpts['load'], labelFill: number) => {
    const sums = [0, 0, 0, 0];
    for (const { y } of await epochOf(await varied(turning, { load, labelFill }), 0, 0)) {
      for (let at = 0; at < y.length; at += 3) {
        const which = y.subarray(at, at + 3).indexOf(1);
        sums[which < 0 ? 3 : which]++;
      }
    }
    return sums;
  };
  const all: SegmentationDataOpts['load'] = async (index) => {
    const { image, classes } = loadBall(index);
    return { image, classes: ndarray(new Uint8Array(classes.size).fill(IGNORED), classes.shape) };
  };
  t.deepEqual((await count(all, IGNORED)).slice(0, 3), [0, 0, 0], 'also beyond the volume');
  const background = await count(all, 0);
  t.true(background[0] > 0 && background[3] > background[0], 'beyond the volume is background');
  t.deepEqual(background.slice(1, 3), [0, 0]);
  const some = await count(async (index) => loadBall(index), IGNORED);
  t.true(
    some.every((voxels) => voxels > 0),
    some.join(', '),
  );
});

test.serial('the report gets crops as they are and as they were varied', async (t) => {
  for (const choice of ['basic', 'nnunet'] as const) {
    const data = await varied(choice, { vary: { flipAxes: ['x'], intensityRate: 1 } });
    const examples = await data.examples(3);
    await data.close();
    t.is(examples.length, 3);
    for (const { volume, source, image, classes } of examples) {
      t.true(opts.train.includes(volume));
      t.deepEqual(source.shape, crop);
      t.deepEqual(image.shape, crop);
      t.deepEqual(classes.shape, crop);
    }
    t.true(examples.some(({ source, image }) => source.data.some((v, n) => v !== image.data[n])));
  }
});

test.serial('volumes of a classification are augmented too, each with its class', async (t) => {
  const epoch = async (workers: number, firstStep: number) => {
    const augmentation = augmentationFor('light', { crop });
    if (!augmentation) throw new Error();
    const data = classificationData({
      // Every voxel tells the class; so does the volume after turns, as far as it is not beyond the border.
      load: async (index, size) => {
        const shape = [...size];
        return ndarray(new Float32Array(size[0] * size[1] * size[2]).fill(index % 2), shape);
      },
      labels: [0, 1, 0, 1, 0, 1],
      train: [0, 1, 2, 3],
      validation: [4, 5],
      classes: 2,
      crop,
      batchSize: 2,
      vary: opts.vary,
      augmentation,
      margin: marginOf(augmentation, crop),
      workers,
      seed: 1,
      cacheBytes: 2 ** 24,
      pathOf: String,
    });
    for await (const { images, target } of data.validationBatches()) {
      t.deepEqual(
        images.map(({ shape }) => shape),
        [crop, crop],
      );
      target().dispose();
    }
    return epochOf(data as never, 0, firstStep);
  };
  const whole = await epoch(0, 0);
  t.is(whole.length, 2);
  t.deepEqual(await epoch(2, 0), whole);
  t.deepEqual(await epoch(1, 1), whole.slice(1));
  for (const { x, y } of whole) {
    for (const member of [0, 1]) {
      const mean = x.subarray(member * 1728, (member + 1) * 1728).reduce((a, b) => a + b) / 1728;
      t.is(y[2 * member + 1], mean > 0.5 ? 1 : 0);
    }
  }
});
