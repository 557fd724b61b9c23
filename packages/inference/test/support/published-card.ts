import type { ModelCard } from '@genesis/inference';
import type { PublishedModel } from '@genesis/zoo/card';

/** What is published of a model of these tests. */
export function publishedCard(card: ModelCard): Omit<PublishedModel, 'files'> {
  return {
    format: 'genesis-model-1',
    medicalDevice: false,
    name: 'bright',
    version: '0.1.0',
    title: 'Bright voxels',
    description: 'Labels bright voxels.',
    license: 'Apache-2.0',
    modality: ['none'],
    data: [{ name: 'Noise', license: 'CC0-1.0', url: 'https://example.org/', volumes: 60 }],
    benefits: [],
    limitations: ['Noise is no patient.'],
    intendedUse: 'Tests.',
    citation: 'None.',
    model: JSON.parse(JSON.stringify(card)) as Record<string, unknown>,
    intensities: ['percentile'],
    parameters: 1,
    precision: 'float32',
    recipe: { command: 'finetune', options: {}, sha256: '0'.repeat(64) },
    training: {
      epochs: 1,
      steps: 30,
      minutes: 0,
      volumes: { train: 60, validation: 0 },
      best: { epoch: 1, values: {} },
      engine: 'cpu',
      versions: {},
      curve: [],
    },
    weights: 'weights.safetensors',
    pictures: [],
  };
}
