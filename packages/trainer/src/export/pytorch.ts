import { type TorchWeights, torchWeights } from '@genesis/unet3d';
import { type EncodeWeightsOpts, encodePytorch, encodeSafetensors } from '@genesis/zoo';
import type { ExportFiles, ExportSource } from './api.js';
import { describeModel, type ExportDescription } from './describe-model.js';
import { DESCRIPTION_FILE, descriptionText } from './description-file.js';
import { pythonFile } from './python-file.js';
import { hasVoxelOutput } from './torch-network.js';

/** Which tensors are written as halves: kernels. What has one axis takes little room, and a variance may be out of a half's range. */
export function halvedKernels(half: boolean): EncodeWeightsOpts {
  return { halve: (_, { dimension }) => half && dimension > 1 };
}

/** A state dict as `torch.save` writes it, with what is to be known of it, and the network where it is the reference's U-Net. */
export function pytorchFiles(source: ExportSource): Promise<ExportFiles> {
  return stateFiles(source, 'model.pt', (state) =>
    encodePytorch(state, halvedKernels(source.half)),
  );
}

/** The same as safetensors, which has no code in it. */
export function safetensorsFiles(source: ExportSource): Promise<ExportFiles> {
  return stateFiles(source, 'model.safetensors', (state, description) =>
    encodeSafetensors(state, { genesis: JSON.stringify(description) }, halvedKernels(source.half)),
  );
}

async function stateFiles(
  { card, model }: ExportSource,
  weights: string,
  encode: (state: TorchWeights, description: ExportDescription) => Uint8Array,
): Promise<ExportFiles> {
  const description = describeModel(card, model, weights);
  const files = new Map<string, Uint8Array | string>();
  files.set(weights, encode(await torchWeights(model), description));
  files.set(DESCRIPTION_FILE, descriptionText(description));
  const isReference = card.network.architecture !== 'residual';
  if (isReference && hasVoxelOutput(model)) files.set('network.py', await pythonFile('network.py'));
  return files;
}
