import {
  type Augmentation,
  type AugmentationName,
  augmentationNames,
  brightness,
  compose,
  contrast,
  createAugmentation,
  createRng,
  cutOut,
  flip,
  gamma,
  gaussianBlur,
  gaussianNoise,
  histogramShift,
  light,
  lowResolution,
  mirror,
  nnunet,
  nnunetNoMirror,
  oneOf,
  type Pair,
  spatial,
  TransformsError,
  torchioMr,
  transposition,
  type VolumeArray,
  windowJitter,
} from '@genesis/transforms';
import test from 'ava';
import ndarray from 'ndarray';
import { arraysOf, ballLabels, factorsOf, fullPair, smoothVolume } from './support/pairs.js';
import { bits, largestDifference, strided, values } from './support/volumes.js';

const presets: AugmentationName[] = ['nnunet', 'nnunet-no-mirror', 'light', 'torchio-mr'];
const singles = augmentationNames.filter((name) => !presets.includes(name));
const make = (name: AugmentationName, opts: object = {}): Augmentation =>
  createAugmentation({ name, opts } as Parameters<typeof createAugmentation>[0]);

/** Options with which an augmentation surely does something. */
const strong: Partial<Record<AugmentationName, object>> = {
  spatial: {
    rotation: {},
    scaling: {},
    translation: {},
    shear: {},
    elastic: { displacement: 2, locked: 0 },
  },
  mirror: { rate: 1 },
  transposition: {},
  'gaussian-noise': { sigma: [0.05, 0.1] },
  'rician-noise': { sigma: [0.05, 0.1] },
};

/** Options with which it does nothing. */
const nothing = (name: AugmentationName): object =>
  name === 'spatial' ? { rotation: { rate: 0 }, elastic: { rate: 0 } } : { rate: 0 };

const cube = [10, 10, 10];
const shapes = [
  [14, 9, 11],
  [7, 7, 7],
  [1, 8, 5],
  [6, 1, 9],
  [8, 7, 1],
  [1, 1, 1],
  [9, 6, 7, 2],
];
const shapesOf = (name: AugmentationName): number[][] =>
  name === 'transposition' ? [cube, [5, 5, 5, 3], [1, 1, 1]] : shapes;

/** The arrays of two pairs are the same, bit for bit. */
function sameBits(a: Pair, b: Pair): boolean {
  const [ours, theirs] = [arraysOf(a), arraysOf(b)];
  return Object.entries(ours).every(([key, array]) => {
    const other = theirs[key];
    if (array instanceof Float32Array && other instanceof Float32Array)
      return bits(array).every((v, i) => v === bits(other)[i]);
    return array.length === other.length && Array.from(array).every((v, i) => v === other[i]);
  });
}

for (const name of singles) {
  test(`${name}: at rate 0 nothing happens, at rate 1 something does`, (t) => {
    for (const shape of shapesOf(name)) {
      const pair = fullPair(shape, 2);
      for (let seed = 0; seed < 3; seed++)
        t.true(sameBits(make(name, nothing(name)).make(pair, createRng(seed)), pair));
    }
    const pair = fullPair(name === 'transposition' ? cube : [14, 9, 11], 2);
    const changed = [0, 1, 2, 3, 4].some(
      (seed) => !sameBits(make(name, strong[name]).make(pair, createRng(seed)), pair),
    );
    t.true(changed);
  });

  test(`${name}: factors are plain data and replay; the pair is left alone; seed 0 is a seed`, (t) => {
    for (const shape of shapesOf(name)) {
      const pair = fullPair(shape, 1);
      const augmentation = make(name, strong[name]);
      const first = augmentation.make(pair, createRng(0));
      t.true(sameBits(pair, fullPair(shape, 1)));
      const factors = JSON.parse(JSON.stringify(first.factors)) as unknown;
      t.deepEqual(factors, first.factors);
      t.true(sameBits(augmentation.apply(pair, factors), first));
      t.deepEqual(augmentation.draw(createRng(0), shape), first.factors);
      t.deepEqual(augmentation.outShape(shape, first.factors), first.image.shape);
      t.deepEqual(first.image.shape.length, shape.length);
      t.deepEqual(Object.keys(first.riders ?? {}).sort(), ['distance', 'mask', 'points']);
    }
  });

  test(`${name}: any strides, and any place for the result`, (t) => {
    for (const shape of shapesOf(name).slice(0, 3)) {
      const pair = fullPair(shape, 3);
      const augmentation = make(name, strong[name]);
      const wanted = augmentation.make(pair, createRng(5));
      const out = { image: strided(wanted.image), label: strided(wanted.label as never) };
      out.image.data.fill(0);
      const turned: Pair = { image: strided(pair.image), label: pair.label };
      const made = augmentation.apply(turned, wanted.factors, { out: out as never });
      t.is(made.image, out.image);
      t.deepEqual(bits(values(made.image)), bits(wanted.image.data));
      const inPlace = structuredClone(pair.image.data);
      const own = ndarray(inPlace, shape);
      if (wanted.image.shape.every((n, axis) => n === shape[axis])) {
        const again = augmentation.apply({ image: own }, wanted.factors, { out: { image: own } });
        t.is(again.image, own);
        t.deepEqual(bits(inPlace), bits(wanted.image.data));
      }
    }
  });

  test(`${name}: channels first are the channels last`, (t) => {
    const shape = name === 'transposition' ? [5, 5, 5, 3] : [7, 6, 9, 3];
    const image = smoothVolume(shape, 4);
    const first = image.transpose(3, 0, 1, 2);
    const last = make(name, strong[name]).make({ image }, createRng(1));
    const other = make(name, { ...strong[name], channelAxis: 'first' }).make(
      { image: first },
      createRng(1),
    );
    t.deepEqual(other.factors, last.factors);
    t.deepEqual(bits(values(other.image.transpose(1, 2, 3, 0))), bits(values(last.image)));
  });

  if (!['spatial', 'mirror', 'transposition'].includes(name)) {
    test(`${name}: leaves all but the image alone, and treats channels one by one`, (t) => {
      const pair = fullPair([8, 9, 7, 3], 5);
      const made = make(name, strong[name]).make(pair, createRng(2));
      const { image, ...others } = arraysOf(pair);
      const { image: changed, ...left } = arraysOf(made);
      t.deepEqual(left, others);
      t.is(changed.length, image.length);
      // Each channel alone, with its own factors.
      const { channels } = made.factors as { channels: unknown[] };
      for (let c = 0; c < 3; c++) {
        const alone = ndarray(values(pair.image.pick(null, null, null, c)), [8, 9, 7]);
        const own = make(name).apply({ image: alone }, { channels: [channels[c]] });
        t.deepEqual(bits(own.image.data), bits(values(made.image.pick(null, null, null, c))));
      }
      t.throws(() => make(name).apply(pair, { channels: [null] }), { code: 'factors' });
    });

    test(`${name}: channels alike, or some of them`, (t) => {
      const shape = [4, 4, 4, 200];
      const drawn = make(name, { channelRate: 0.3 }).draw(createRng(6), shape) as {
        channels: object[];
      };
      const count = drawn.channels.filter((own) => own !== null).length;
      t.true(count > 35 && count < 85, `${count}`);
      const alike = make(name, { channels: 'alike' }).draw(createRng(6), shape) as {
        channels: { noise?: unknown }[];
      };
      const kinds = alike.channels.map(({ noise: _, ...own }) => JSON.stringify(own));
      t.is(new Set(kinds).size, 1);
    });
  }
}

test('a chain is its augmentations one after another, to rounding', (t) => {
  const steps: Augmentation[] = [
    spatial({ patch: [10, 9, 8], rotation: {} }),
    brightness(),
    contrast(),
    gamma({ invertRate: 0.5 }),
    gaussianBlur(),
    lowResolution(),
    gaussianNoise(),
    histogramShift(),
    mirror(),
  ];
  for (let seed = 0; seed < 6; seed++) {
    const whole = compose(...steps).make(fullPair([14, 13, 12, 2], seed), createRng(seed));
    let pair: Pair = fullPair([14, 13, 12, 2], seed);
    for (const [i, step] of steps.entries()) {
      const factors = (whole.factors as unknown[])[i];
      pair = step.apply(pair, factors);
    }
    const [ours, theirs] = [arraysOf(whole), arraysOf(pair)];
    for (const key of Object.keys(ours))
      t.true(largestDifference(ours[key], theirs[key]) < 2e-4, `${seed} ${key}`);
  }
});

test('an augmentation of one’s own takes part in a chain', (t) => {
  const own: Augmentation<number, { channelAxis: 'last' }> = {
    name: 'own',
    opts: { channelAxis: 'last' },
    draw: (rng) => rng.int(2, 2),
    outShape: (shape) => shape,
    apply: ({ image, ...others }, factor) => ({
      ...others,
      image: ndarray(
        image.data.map((v) => v * factor),
        [...image.shape],
      ),
    }),
    make: () => {
      throw new Error('not called');
    },
  };
  const pair = fullPair([6, 7, 8]);
  const made = compose(brightness({ factor: 3 }), own, brightness({ factor: 5 })).make(
    pair,
    createRng(0),
  );
  t.true(
    largestDifference(
      made.image.data,
      pair.image.data.map((v) => v * 30),
    ) < 1e-4,
  );
  t.deepEqual(made.label, pair.label);
});

test('compose still chains deformations', (t) => {
  const chain = compose(flip({ rate: 1, axes: [0], maxFlips: 1 }), flip({ rate: 0 }));
  const volume = ndarray(Float32Array.of(0, 1), [2, 1, 1]);
  t.deepEqual([...chain.apply(volume, chain.draw(createRng(0), [2, 1, 1])).data], [1, 0]);
  t.throws(() => compose(), { code: 'option' });
});

test('one of several: chosen by weight, or none', (t) => {
  const chosen = oneOf([mirror(), brightness(), contrast()], {
    rate: 0.8,
    weights: [1, 3, 0],
  });
  const counts = [0, 0, 0, 0];
  for (let seed = 0; seed < 2000; seed++) {
    const { choice } = chosen.draw(createRng(seed), [4, 4, 4]);
    counts[choice ?? 3]++;
  }
  for (const [i, wanted] of [400, 1200, 0, 400].entries())
    t.true(Math.abs(counts[i] - wanted) <= 80, `${counts}`);
  const pair = fullPair([4, 5, 6]);
  t.true(sameBits(chosen.apply(pair, { choice: null, factors: null }), pair));
});

test('what intensities do to known values', (t) => {
  const image = (): VolumeArray =>
    ndarray(Float32Array.of(-1000, -60, 40, 140, 3000, 0), [1, 2, 3]);
  const run = (augmentation: Augmentation, factors: unknown): number[] => [
    ...augmentation.apply({ image: image() }, { channels: [factors] }).image.data,
  ];
  const windowed = run(windowJitter(), { center: 40, width: 200 });
  t.true(largestDifference(windowed, [0, 0, 0.5, 1, 1, 0.3]) < 1e-6);
  t.deepEqual(run(brightness(), { factor: 2, shift: 1 }), [-1999, -119, 81, 281, 6001, 1]);
  const boxed = cutOut().apply(
    { image: image() },
    { channels: [{ boxes: [{ start: [0, 0, 1], size: [1, 2, 1], value: 7 }] }] },
  ).image.data;
  t.deepEqual([...boxed], [-1000, 7, 40, 140, 7, 0]);
  // A constant channel stays what it is.
  for (const name of [
    'contrast',
    'gamma',
    'histogram-shift',
    'gaussian-blur',
    'low-resolution',
  ] as const) {
    const flat = ndarray(new Float32Array(60).fill(4), [3, 4, 5]);
    const made = make(name).make({ image: flat }, createRng(1));
    t.true(largestDifference(made.image.data, flat.data) < 1e-5, name);
  }
});

test('presets: shapes, riders, thick slices, channels', (t) => {
  const patch = [9, 8, 4] as const;
  for (const create of [nnunet, nnunetNoMirror, light, torchioMr]) {
    for (const acrossAxis of [undefined, 2 as const]) {
      for (const image of [
        [15, 14, 6],
        [15, 14, 6, 3],
      ]) {
        const augmentation = create({ patch, acrossAxis, place: 'random' });
        for (let seed = 0; seed < 4; seed++) {
          const pair = fullPair(image, seed);
          const made = augmentation.make(pair, createRng(seed));
          t.deepEqual(made.image.shape.slice(0, 3), [...patch]);
          t.true(made.image.data.every(Number.isFinite));
          t.deepEqual(made.label?.shape, [...patch]);
          t.deepEqual(JSON.parse(JSON.stringify(made.factors)), made.factors);
          t.true(sameBits(augmentation.apply(pair, made.factors), made));
        }
      }
    }
  }
});

test('the preset without mirroring does not mirror', (t) => {
  for (let seed = 0; seed < 50; seed++) {
    const factors = nnunetNoMirror().draw(createRng(seed), [8, 8, 8]) as { axes: number[] }[];
    t.deepEqual(factors[8].axes, []);
  }
});

const refused: [string, () => unknown, string][] = [
  ['a rate above 1', () => brightness({ rate: 1.5 }), 'option'],
  ['a range out of order', () => gaussianNoise({ sigma: [2, 1] }), 'option'],
  ['a negative deviation', () => gaussianNoise({ sigma: -1 }), 'option'],
  ['a gamma of 0', () => gamma({ gamma: 0 }), 'option'],
  ['an order that there is not', () => spatial({ order: 2 as 1 }), 'option'],
  ['three control points', () => spatial({ elastic: { controlPoints: 3 } }), 'option'],
  ['a patch of nothing', () => spatial({ patch: [0, 1, 1] }), 'option'],
  ['one of none', () => oneOf([]), 'option'],
  ['too few weights', () => oneOf([mirror()], { weights: [1, 2] }), 'option'],
  ['two channel axes', () => compose(mirror({ channelAxis: 'first' }), brightness()), 'option'],
  ['an unknown augmentation', () => make('blue' as 'mirror'), 'unknown-augmentation'],
  ['axes of unequal length', () => transposition().draw(createRng(0), [4, 5, 4]), 'shape'],
  [
    'an axis that there is not',
    () => mirror().apply(fullPair([2, 2, 2]), { axes: [3 as 2] }),
    'factors',
  ],
  [
    'a volume of rank 2',
    () =>
      mirror().draw(createRng(0), [4, 5]) &&
      mirror().apply({ image: ndarray(new Float32Array(4), [2, 2]) }, { axes: [] }),
    'shape',
  ],
  [
    'an image of bytes',
    () => mirror().apply({ image: ballLabels([2, 2, 2]) as never }, { axes: [] }),
    'dtype',
  ],
  [
    'a label of floats',
    () =>
      mirror().apply(
        { image: smoothVolume([2, 2, 2]), label: smoothVolume([2, 2, 2]) as never },
        { axes: [] },
      ),
    'dtype',
  ],
  [
    'a label of another shape',
    () =>
      mirror().apply(
        { image: smoothVolume([2, 2, 2]), label: ballLabels([2, 2, 3]) },
        { axes: [] },
      ),
    'shape',
  ],
  [
    'a result of another shape',
    () =>
      mirror().apply(
        fullPair([2, 2, 2]),
        { axes: [] },
        { out: { image: smoothVolume([2, 2, 3]) } },
      ),
    'shape',
  ],
  [
    'displacements that are too few',
    () =>
      spatial().apply(fullPair([3, 3, 3]), {
        ...factorsOf([0, 0, 0], [3, 3, 3]),
        elastic: { controlPoints: [4, 4, 4], displacements: [1] },
      }),
    'factors',
  ],
  [
    'angles that are no numbers',
    () => spatial().apply(fullPair([3, 3, 3]), factorsOf([Number.NaN, 0, 0], [3, 3, 3])),
    'factors',
  ],
];

for (const [what, run, code] of refused) {
  test(`refused: ${what}`, (t) => {
    const error = t.throws(run, { instanceOf: TransformsError });
    t.is(error.code, code as typeof error.code);
  });
}

test('volumes of several parts are mirrored and mapped on their way out, over themselves too', (t) => {
  // Parts are whole planes along x; this is several, and no whole number of them.
  const shape = [45, 63, 66];
  for (let axes = 0; axes < 8; axes++) {
    const chosen = ([0, 1, 2] as const).filter((axis) => (axes >> axis) & 1);
    const turn = compose(
      spatial(),
      brightness({ factor: 2, shift: 0.5 }),
      mirror({ axes: chosen, rate: 1 }),
    );
    const pair = { image: smoothVolume(shape), label: ballLabels(shape, Uint16Array, 500) };
    const [x, y, z] = [0, 1, 2].map((axis) => (chosen.some((one) => one === axis) ? -1 : 1));
    const turned = pair.label.step(x, y, z);
    const wanted = {
      image: values(pair.image.step(x, y, z)).map((v) => Math.fround(v * 2) + 0.5),
      label: Uint16Array.from({ length: turned.size }, (_, n) =>
        turned.get(Math.floor(n / 4158), Math.floor(n / 66) % 63, n % 66),
      ),
    };
    const made = turn.make(pair, createRng(1));
    t.deepEqual(bits(made.image.data), bits(wanted.image), `axes ${chosen}`);
    t.deepEqual(made.label?.data, wanted.label);
    // Over an array with other strides that begins in the middle of others.
    const room = ndarray(new Float32Array(46 * 64 * 67), [46, 64, 67])
      .lo(1, 1, 1)
      .transpose(1, 2, 0);
    const out = room.transpose(2, 0, 1);
    turn.apply(pair, made.factors, { out: { image: out } });
    t.deepEqual(bits(values(out)), bits(wanted.image));
    // Over itself.
    turn.apply(pair, made.factors, { out: pair });
    t.deepEqual(bits(pair.image.data), bits(wanted.image));
    t.deepEqual(pair.label.data, wanted.label);
  }
});

test('an array is read before it is written over in another layout', (t) => {
  const image = smoothVolume([40, 40, 40]);
  const label = ballLabels([40, 40, 40]);
  const wanted = compose(brightness(), mirror({ rate: 1 })).make({ image, label }, createRng(4));
  const turned = image.transpose(2, 0, 1);
  compose(brightness(), mirror({ rate: 1 })).apply({ image, label }, wanted.factors, {
    out: { image: turned },
  });
  t.deepEqual(bits(values(turned)), bits(wanted.image.data));
});
