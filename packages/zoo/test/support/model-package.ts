import { encodeSafetensors } from '@genesis/zoo';
import type { ModelFacts, PublishedModel } from '@genesis/zoo/card';
import { writeModelPackage } from '@genesis/zoo/node';
import ndarray from 'ndarray';

/** What a person says of the model of these tests. */
export const facts: ModelFacts = {
  name: 'tiny',
  version: '1.2.3',
  title: 'Tiny model',
  description: 'Restores nothing.',
  license: 'Apache-2.0',
  modality: ['CT'],
  data: [
    {
      name: 'Phantoms',
      license: 'CC-BY-4.0',
      url: 'https://example.org/phantoms',
      volumes: 4,
      patients: 3,
      modality: 'CT',
      citation: 'Somebody, 2020.',
    },
  ],
  benefits: [
    {
      task: 'liver',
      labels: 3,
      metric: 'mean Dice',
      without: 0.5,
      with: 0.6,
      interval: [0.05, 0.15],
      p: 0.004,
      seeds: 10,
      verdict: 'helps',
    },
  ],
  limitations: ['Phantoms are no patients.'],
  intendedUse: 'Tests.',
  citation: 'None.',
};

const model = {
  version: 1,
  kind: 'pretrain',
  network: { width: 2, levels: 2, norm: 'instance', activation: 'relu' },
  crop: [8, 8, 8],
  preparation: { orientation: 'RAS', normalization: 'ct', nonFinite: 'error' },
};

/** The card of it, but for its files. */
export const card: Omit<PublishedModel, 'files'> = {
  ...facts,
  format: 'genesis-model-1',
  medicalDevice: false,
  model,
  intensities: ['ct: −1000…1000 HU become 0…1'],
  parameters: 6,
  precision: 'float16',
  recipe: { command: 'pretrain', options: { seed: 0 }, sha256: '0'.repeat(64) },
  training: {
    epochs: 2,
    steps: 10,
    minutes: 0.1,
    volumes: { train: 3, validation: 1 },
    best: { epoch: 2, values: { loss: 0.1 } },
    engine: 'cpu',
    versions: { genesis: '0.1.0' },
    curve: [
      { epoch: 1, step: 5, training: 0.3, validation: 0.2 },
      { epoch: 2, step: 10, training: 0.2, validation: 0.1 },
    ],
  },
  weights: 'weights.safetensors',
  pictures: [{ title: 'Crop 1', pictures: [{ name: 'original', path: 'pictures/crop1-1.png' }] }],
};

/** The bytes of its weights; `length` makes them longer. */
export function weightBytes(length = 6): Uint8Array {
  const data = Float32Array.from({ length }, (_, n) => n / 3);
  const tensors = new Map([['encoder.kernel', ndarray(data, [length / 2, 2])]]);
  const metadata = { format: 'genesis-checkpoint-1', model: JSON.stringify(model), state: 'null' };
  return encodeSafetensors(tensors, metadata, { halve: () => true });
}

/** Writes its package. */
export function writeTinyPackage(
  folder: string,
  { version = card.version, weights = weightBytes() } = {},
): Promise<PublishedModel> {
  const contents = new Map([
    ['weights.safetensors', weights],
    ['pictures/crop1-1.png', Uint8Array.of(1, 2, 3)],
  ]);
  return writeModelPackage(folder, { ...card, version }, contents);
}
