import { torchWeights } from '@genesis/unet3d';
import { type EncodeWeightsOpts, encodePytorch, encodeSafetensors } from '@genesis/zoo';
import type { ExportFiles, ExportSource } from './api.js';
import { describeModel } from './describe-model.js';
import { DESCRIPTION_FILE, descriptionText } from './description-file.js';
import { pythonFile } from './python-file.js';
import { hasVoxelOutput } from './torch-network.js';

/** Which tensors are written as halves: kernels. What has one axis takes little room, and a variance may be out of a half's range. */
export function halvedKernels(half: boolean): EncodeWeightsOpts {
  return { halve: (_, { dimension }) => half && dimension > 1 };
}

/** A state dict as `torch.save` writes it, with what is to be known of it, and the network where it is the reference's U-Net. */
export async function pytorchFiles(source: ExportSource): Promise<ExportFiles> {
  const state = await torchWeights(source.model);
  return beside(source, 'model.pt', encodePytorch(state, halvedKernels(source.half)));
}

/** The same as safetensors, which has no code in it. */
export async function safetensorsFiles(source: ExportSource): Promise<ExportFiles> {
  const state = await torchWeights(source.model);
  const weights = 'model.safetensors';
  const metadata = { genesis: JSON.stringify(describeModel(source.card, source.model, weights)) };
  const bytes = encodeSafetensors(state, metadata, halvedKernels(source.half));
  return beside(source, weights, bytes);
}

async function beside(
  { card, model }: ExportSource,
  weights: string,
  bytes: Uint8Array,
): Promise<ExportFiles> {
  const files = new Map<string, Uint8Array | string>();
  files.set(weights, bytes);
  files.set(DESCRIPTION_FILE, descriptionText(describeModel(card, model, weights)));
  const isReference = card.network.architecture !== 'residual';
  if (isReference && hasVoxelOutput(model)) files.set('network.py', await pythonFile('network.py'));
  return files;
}
