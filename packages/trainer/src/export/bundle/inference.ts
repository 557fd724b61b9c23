import { labelType, type SegmentationCard } from '@genesis/inference';
import { channelNames } from '../../channel-names.js';
import { describeScheme, OVERLAP, type PlainScheme } from '../describe-model.js';
import type { TorchNetwork } from '../torch-network.js';

/** A component of a bundle, or a part of its configuration. */
export type BundleConfig = Readonly<Record<string, unknown>>;

/** A class by its name, and what it is called with. */
const component = (target: string, args: BundleConfig): BundleConfig => ({
  _target_: target,
  ...args,
});

/**
 * How MONAI segments with a model: `configs/inference.json`. The steps are those of `genesis predict` as MONAI does them: its resampling
 * does not smooth, and its last window ends at the border instead of all being spread evenly.
 */
export function bundleInference(card: SegmentationCard, network: TorchNetwork): BundleConfig {
  // What the files of a case are called, one for each channel.
  const keys = channelNames(card.preparation);
  return {
    imports: ['$import glob'],
    bundle_root: '.',
    dataset_dir: '$@bundle_root + "/images"',
    output_dir: '$@bundle_root + "/predictions"',
    cases: casesOf(keys),
    device: '$torch.device("cuda:0" if torch.cuda.is_available() else "cpu")',
    network_def: component(
      network.requires ? network.target : `scripts.${network.target}`,
      network.args,
    ),
    network: '$torch.nn.Sequential(@network_def, torch.nn.Softmax(1)).to(@device)',
    preprocessing: component('Compose', { transforms: preprocessing(card, keys) }),
    dataset: component('Dataset', { data: '@cases', transform: '@preprocessing' }),
    dataloader: component('DataLoader', { dataset: '@dataset', batch_size: 1 }),
    inferer: component('SlidingWindowInferer', {
      roi_size: card.crop,
      // One at a time: statistics of a batch would make a window's result depend on its neighbours.
      sw_batch_size: 1,
      overlap: OVERLAP,
      mode: 'gaussian',
      sigma_scale: 0.125,
      padding_mode: 'constant',
    }),
    postprocessing: component('Compose', { transforms: postprocessing(card, keys) }),
    handlers: [
      component('CheckpointLoader', {
        load_path: '$@bundle_root + "/models/model.pt"',
        load_dict: { model: '@network_def' },
        map_location: '@device',
      }),
    ],
    evaluator: component('SupervisedEvaluator', {
      device: '@device',
      val_data_loader: '@dataloader',
      network: '@network',
      inferer: '@inferer',
      postprocessing: '@postprocessing',
      val_handlers: '@handlers',
    }),
    run: ['$@evaluator.run()'],
  };
}

/** Python for the list of cases: files of a folder, with several channels those called CASE_0000, CASE_0001, …, as nnU-Net does. */
function casesOf(keys: readonly string[]): string {
  if (keys.length === 1) {
    return '$[{"image": one} for one in sorted(glob.glob(@dataset_dir + "/*.nii.gz"))]';
  }
  const entries = keys.map(
    (key, n) => `${JSON.stringify(key)}: one.replace("_0000.", "_${String(n).padStart(4, '0')}.")`,
  );
  return `$[{${entries.join(', ')}} for one in sorted(glob.glob(@dataset_dir + "/*_0000.nii.gz"))]`;
}

function preprocessing(
  { preparation, training }: SegmentationCard,
  keys: readonly string[],
): readonly BundleConfig[] {
  const { orientation, spacing, channels = [] } = preparation;
  const steps = [component('LoadImaged', { keys, ensure_channel_first: true })];
  if (orientation !== 'native') {
    steps.push(component('Orientationd', { keys, axcodes: orientation }));
  }
  if (spacing) {
    // Outer corners stay where they are, as in resampleToSpacing.
    const kept = { mode: 'bilinear', padding_mode: 'border', scale_extent: true };
    steps.push(component('Spacingd', { keys, pixdim: spacing, ...kept }));
  }
  for (const [n, key] of keys.entries()) {
    const name = channels[n]?.normalization ?? preparation.normalization;
    const scheme = describeScheme(name);
    const decided = isCt({ training }) ? 'hounsfield' : 'other';
    steps.push(intensities(scheme.kind === 'auto' ? scheme[decided] : scheme, key));
  }
  if (keys.length > 1) steps.push(component('ConcatItemsd', { keys, name: 'image' }));
  return steps;
}

/** Whether all training volumes were CT: MONAI decides nothing for each volume by itself. */
export function isCt({ training }: Pick<SegmentationCard, 'training'>): boolean {
  return training?.modalities.join() === 'CT';
}

function intensities(scheme: PlainScheme, key: string): BundleConfig {
  const to = { b_min: 0, b_max: 1, clip: true };
  switch (scheme.kind) {
    case 'window':
      return component('ScaleIntensityRanged', {
        keys: key,
        a_min: scheme.min,
        a_max: scheme.max,
        ...to,
      });
    case 'percentile': {
      const { low, high } = scheme;
      return component('ScaleIntensityRangePercentilesd', {
        keys: key,
        lower: low,
        upper: high,
        ...to,
      });
    }
    case 'zscore':
      return component('NormalizeIntensityd', { keys: key });
  }
}

function postprocessing(card: SegmentationCard, keys: readonly string[]): readonly BundleConfig[] {
  const values = card.classes.map(({ value }) => value);
  const steps = [
    // Probabilities go back to the image's grid before the greatest is taken.
    component('Invertd', {
      keys: 'pred',
      transform: '@preprocessing',
      orig_keys: keys[0],
      nearest_interp: false,
    }),
    component('AsDiscreted', { keys: 'pred', argmax: true }),
  ];
  if (values.some((value, n) => value !== n)) {
    steps.push(
      component('MapLabelValued', {
        keys: 'pred',
        orig_labels: values.map((_, n) => n),
        target_labels: values,
        dtype: '$np.int32',
      }),
    );
  }
  steps.push(
    component('SaveImaged', {
      keys: 'pred',
      meta_keys: 'pred_meta_dict',
      output_dir: '@output_dir',
      output_postfix: 'seg',
      output_dtype: `$np.${labelType(card.classes)}`,
      resample: false,
      separate_folder: false,
    }),
  );
  return steps;
}
