import type { SegmentationCard } from '@genesis/inference';
import { inputChannels, sideMultiple } from '@genesis/inference';
import { channelNames } from '../../channel-names.js';
import type { TorchNetwork } from '../torch-network.js';
import type { BundleConfig } from './inference.js';

const SCHEMA =
  'https://github.com/Project-MONAI/MONAI-extra-test-data/releases/download/0.8.1/meta_schema_20240725.json';

/** Versions that bundles were tried with. */
const VERSIONS = { monai: '1.6.1', pytorch: '2.15.0', numpy: '2.4.6' };

/** What a bundle says of itself: `configs/metadata.json`. */
export function bundleMetadata(
  card: SegmentationCard,
  { requires }: TorchNetwork,
  name: string,
): BundleConfig {
  const side = `${sideMultiple(card.network.levels)}*n`;
  const modality = card.training?.modalities.join(', ') ?? '';
  const keys = channelNames(card.preparation);
  const tensor = (channels: number, names: readonly string[]): BundleConfig => ({
    type: 'image',
    num_channels: channels,
    spatial_shape: [side, side, side],
    dtype: 'float32',
    value_range: [0, 1],
    is_patch_data: true,
    channel_def: Object.fromEntries(names.map((one, n) => [String(n), one])),
  });
  return {
    schema: SCHEMA,
    version: '1.0.0',
    changelog: { '1.0.0': 'exported by Genesis' },
    monai_version: VERSIONS.monai,
    pytorch_version: VERSIONS.pytorch,
    numpy_version: VERSIONS.numpy,
    required_packages_version: {
      nibabel: '5.4.2',
      'pytorch-ignite': '0.5.5',
      ...(requires ? { [requires.name]: requires.version } : {}),
    },
    supported_apps: {},
    name,
    task: 'segmentation of 3-D medical images',
    description: `Segments ${card.classes
      .slice(1)
      .map((one) => one.name)
      .join(', ')}.`,
    authors: 'not named',
    copyright: 'not stated',
    intended_use: 'Research; not a medical device.',
    network_data_format: {
      inputs: {
        image: {
          ...tensor(inputChannels(card.preparation), keys),
          format: modality === 'CT' ? 'hounsfield' : 'magnitude',
          modality,
        },
      },
      outputs: {
        pred: {
          ...tensor(
            card.classes.length,
            card.classes.map((one) => one.name),
          ),
          format: 'segmentation',
        },
      },
    },
  };
}
