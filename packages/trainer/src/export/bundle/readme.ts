import type { SegmentationCard } from '@genesis/inference';
import { channelNames } from '../../channel-names.js';
import { isCt } from './inference.js';

/** How a bundle is run: `docs/README.md`. */
export function bundleReadme(card: SegmentationCard, name: string): string {
  const keys = channelNames(card.preparation);
  const files =
    keys.length === 1
      ? '`images/CASE.nii.gz`'
      : keys
          .map((key, n) => `\`images/CASE_${String(n).padStart(4, '0')}.nii.gz\` (${key})`)
          .join(', ');
  const schemes = card.preparation.channels?.map(({ normalization }) => normalization) ?? [
    card.preparation.normalization,
  ];
  const decided = schemes.includes('auto')
    ? `\n\n\`genesis predict\` decides for each volume whether it is a CT; this bundle takes ${isCt(card) ? 'all as CT, as the training volumes were' : 'none as CT, since the training volumes do not say that they were'}.`
    : '';
  const classes = card.classes.map((one) => `${one.value} ${one.name}`).join(', ');
  return `# ${name}

A segmentation model of Genesis as a MONAI bundle. Labels: ${classes}.${decided}

Volumes are ${files} below this folder (\`--dataset_dir\`), labels come to \`predictions\` (\`--output_dir\`):

\`\`\`sh
pip install monai nibabel pytorch-ignite
python -m monai.bundle run --bundle_root . --config_file configs/inference.json --meta_file configs/metadata.json
\`\`\`
`;
}
