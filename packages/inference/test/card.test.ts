import { isGenesisError } from '@genesis/core';
import {
  buildModel,
  type CardBase,
  InferenceError,
  type ModelCard,
  parseModelCard,
  parseNetwork,
  referenceNetwork,
  registerModelKind,
  type SegmentationCard,
  unetOpts,
} from '@genesis/inference';
import { selectEngine, unet3d } from '@genesis/unet3d';
import test from 'ava';

declare module '@genesis/inference' {
  interface ModelCards {
    /** A fourth kind, as a user would add it. */
    age: AgeCard;
  }
}

interface AgeCard extends CardBase {
  readonly kind: 'age';
  readonly years: { readonly least: number; readonly most: number };
}

const network = { ...referenceNetwork, width: 2, levels: 2 };

/** As runs wrote it before cards had versions. */
const before = {
  kind: 'segmentation',
  network,
  crop: [8, 8, 8],
  preparation: { orientation: 'RAS', normalization: 'ct', nonFinite: 'error' },
  classes: [
    { value: 0, name: 'background' },
    { value: 500, name: 'label 500' },
  ],
};

const card: SegmentationCard = {
  version: 1,
  kind: 'segmentation',
  network,
  crop: [8, 8, 8],
  preparation: {
    orientation: 'RAS',
    spacing: [1, 2, 0.5],
    normalization: 'auto',
    nonFinite: 'zero',
  },
  classes: before.classes,
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a card survives JSON; what is not known is left out', (t) => {
  t.deepEqual(parseModelCard(plain(card)), card);
  t.deepEqual(parseModelCard({ ...card, later: 1 }), card);
});

test('cards without a version are read as version 0', (t) => {
  t.deepEqual(plain(parseModelCard(before)), plain({ ...before, version: 1 }));
  const pretrain = { ...before, kind: 'pretrain', classes: [] };
  t.is(parseModelCard(pretrain).kind, 'pretrain');
  const classes = [
    { value: 'a', name: 'a' },
    { value: '2', name: '2' },
  ];
  const found = parseModelCard({ ...before, kind: 'classification', classes });
  t.is(found.kind === 'classification' ? found.fit : '', 'center');
  const resized = parseModelCard({ ...before, kind: 'classification', classes, fit: 'resize' });
  t.is(resized.kind === 'classification' ? resized.fit : '', 'resize');
  // From version 1 on, a classification says how volumes are fitted.
  t.throws(() => parseModelCard({ ...before, version: 1, kind: 'classification', classes }), {
    instanceOf: InferenceError,
    code: 'bad-card',
    message: "the model card's fit is missing, but must be one of center, resize",
  });
});

const bad: [string, unknown, RegExp][] = [
  ['', [], /^the model card is \[\], but must be an object$/],
  ['', null, /must be an object/],
  ['version', { ...card, version: 'new' }, /is "new", but must be a whole number of at least 0/],
  ['kind', { ...card, kind: undefined }, /kind is missing, but must be text/],
  ['network', { ...card, network: 7 }, /network is 7, but must be an object/],
  ['network.width', { ...card, network: { ...network, width: 0 } }, /whole number of at least 1/],
  ['network.norm', { ...card, network: { ...network, norm: 'x' } }, /one of batch, batchRunning/],
  ['crop', { ...card, crop: [8, 8] }, /is \[8,8\], but must be three whole numbers above 0/],
  ['crop', { ...card, crop: [8, 8, 2.5] }, /three whole numbers/],
  ['preparation', { ...card, preparation: undefined }, /missing/],
  [
    'preparation.orientation',
    { ...card, preparation: { ...card.preparation, orientation: 'RAL' } },
    /such as RAS/,
  ],
  [
    'preparation.spacing',
    { ...card, preparation: { ...card.preparation, spacing: [1, 1, 0] } },
    /three numbers above 0/,
  ],
  ['classes', { ...card, classes: [] }, /is \[\], but must be a list of at least 2/],
  ['classes[1]', { ...card, classes: [card.classes[0], 'b'] }, /classes\[1\] is "b"/],
  [
    'classes[1].value',
    { ...card, classes: [card.classes[0], { value: 0.5, name: 'half' }] },
    /is 0.5, but must be a whole number$/,
  ],
];

for (const [field, value, message] of bad) {
  test(`a card is refused: ${field} ${message.source}`, (t) => {
    const error = t.throws(() => parseModelCard(plain(value) ?? value), {
      code: 'bad-card',
      message,
    });
    t.true(isGenesisError(error, 'bad-card'));
    t.is(error instanceof InferenceError ? error.field : undefined, field);
  });
}

test('a newer card and an unknown kind are errors of their own', (t) => {
  t.throws(() => parseModelCard({ ...card, version: 2, kind: 'what' }), {
    code: 'newer-card',
    message: /has version 2, but this program knows versions up to 1: update it/,
  });
  t.throws(() => parseModelCard({ ...card, kind: 'detection' }), {
    code: 'unknown-kind',
    message:
      /of the kind 'detection', but known here are only pretrain, segmentation, classification/,
  });
  t.deepEqual(
    parseNetwork({ ...card, kind: 'detection' }),
    network,
    'its network can be taken over',
  );
});

test('a kind that is registered is read and built', async (t) => {
  await selectEngine('cpu');
  registerModelKind<'age'>({
    kind: 'age',
    parse: (base, fields) => {
      const years = fields.object('years');
      return {
        ...base,
        kind: 'age',
        years: { least: years.integer('least', 0), most: years.integer('most', 1) },
      };
    },
    build: (one, seed) => unet3d({ ...unetOpts(one, seed), outChannels: 3 }),
  });
  const given: ModelCard = {
    version: 1,
    kind: 'age',
    network,
    crop: [8, 8, 8],
    preparation: card.preparation,
    years: { least: 0, most: 99 },
  };
  const found = parseModelCard(plain(given));
  t.deepEqual(found, given);
  if (found.kind !== 'age') return t.fail();
  t.is(found.years.most, 99);
  const model = buildModel(found, 0);
  t.deepEqual(model.outputs[0].shape, [null, 8, 8, 8, 3]);
  model.dispose();
  t.throws(() => parseModelCard(plain({ ...given, years: { least: 0 } })), {
    message: /^the model card's years.most is missing/,
  });
});
