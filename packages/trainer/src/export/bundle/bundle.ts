import { requireKind } from '@genesis/inference';
import { torchWeights } from '@genesis/unet3d';
import { encodePytorch } from '@genesis/zoo';
import { TrainerError } from '../../errors.js';
import type { ExportFiles, ExportSource } from '../api.js';
import { pythonFile } from '../python-file.js';
import { halvedKernels } from '../pytorch.js';
import { torchNetwork } from '../torch-network.js';
import { bundleInference } from './inference.js';
import { bundleMetadata } from './metadata.js';
import { bundleReadme } from './readme.js';

/**
 * A bundle of MONAI: configuration, weights, and the network where no package has it. `python -m monai.bundle run` segments with it.
 *
 * @throws TrainerError 'bad-argument' for another model than one of segmentation, and for a network that PyTorch has no class of.
 */
export async function bundleFiles(source: ExportSource): Promise<ExportFiles> {
  const { card, model, half, name } = source;
  if (card.kind !== 'segmentation') {
    throw new TrainerError(
      'bad-argument',
      `a bundle is made of a segmentation model, but this is one of ${card.kind}: export it as pytorch or onnx`,
    );
  }
  const segmentation = requireKind(card, 'segmentation');
  const network = torchNetwork(source);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const files = new Map<string, Uint8Array | string>();
  files.set('configs/metadata.json', json(bundleMetadata(segmentation, network, name)));
  files.set('configs/inference.json', json(bundleInference(segmentation, network)));
  files.set('docs/README.md', bundleReadme(segmentation, name));
  files.set('models/model.pt', encodePytorch(await torchWeights(model), halvedKernels(half)));
  if (!network.requires) {
    files.set('scripts/__init__.py', '');
    files.set('scripts/network.py', await pythonFile('network.py'));
  }
  return files;
}
