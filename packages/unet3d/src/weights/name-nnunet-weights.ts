import ndarray from 'ndarray';
import {
  fieldParts,
  inTorchOrder,
  type OwnWeight,
  ownName,
  TORCH_FIELDS,
  type TorchWeights,
} from './torch-names.js';

/**
 * Weights of a `residualUnet3d` under the names of nnU-Net's ResidualEncoderUNet, with the second names that its state dict has for the
 * same tensors, and zeros for its outputs for deep supervision, which ours does not have.
 *
 * @param layers - Names of all layers of the network.
 */
export function nameNnunetWeights(
  weights: readonly OwnWeight[],
  layers: ReadonlySet<string>,
): TorchWeights {
  const stages = [...layers].flatMap((name) => /^decoder\.(\d+)\.up$/.exec(name)?.[1] ?? []);
  const last = stages.length - 1;
  const named: TorchWeights = new Map();
  for (const weight of weights) {
    const tensor = inTorchOrder(weight);
    for (const name of namesOf(weight, last, layers)) named.set(name, tensor);
  }
  addSupervision(named, last);
  return named;
}

function namesOf(weight: OwnWeight, last: number, layers: ReadonlySet<string>): string[] {
  const name = nameOf(weight, last, layers);
  const listed = name.replace(
    /\.(conv|norm)\.(weight|bias)$/,
    (_, part: string, field: string) => `.all_modules.${part === 'conv' ? 0 : 1}.${field}`,
  );
  const both = name === listed || name.startsWith('head.') ? [name] : [name, listed];
  // The decoder of nnU-Net keeps the encoder as a part of its own.
  const isShared = last >= 0 && name.startsWith('encoder.');
  return isShared ? [...both, ...both.map((one) => `decoder.${one}`)] : both;
}

function nameOf(weight: OwnWeight, last: number, layers: ReadonlySet<string>): string {
  const { layer } = weight;
  const [part, own] = fieldParts(weight);
  const end = part === '' ? TORCH_FIELDS[own] : `${part}.${TORCH_FIELDS[own]}`;
  if (layer === 'head.conv') return `decoder.seg_layers.${last}.${end}`;
  if (layer === 'encoder.stem') return `encoder.stem.convs.0.${end}`;
  const block = /^encoder\.(\d+)\.(\d+)\.(a|b|skip)$/.exec(layer);
  if (block) {
    const [, stage, number, unit] = block;
    // The shortcut is a list: an average pool where the resolution changes, then the convolution.
    const skip = layers.has(`encoder.${stage}.${number}.pool`) ? 'skip.1' : 'skip.0';
    const place = unit === 'a' ? 'conv1' : unit === 'b' ? 'conv2' : skip;
    return `encoder.stages.${stage}.blocks.${number}.${place}.${end}`;
  }
  const decoder = /^decoder\.(\d+)\.(up|\d+)$/.exec(layer);
  if (!decoder) return ownName(weight);
  const stage = last - Number(decoder[1]);
  return decoder[2] === 'up'
    ? `decoder.transpconvs.${stage}.${end}`
    : `decoder.stages.${stage}.convs.${decoder[2]}.${end}`;
}

function addSupervision(named: TorchWeights, last: number): void {
  const classes = named.get(`decoder.seg_layers.${last}.bias`)?.size;
  if (classes === undefined) return;
  for (let stage = 0; stage < last; stage++) {
    const features = named.get(`decoder.transpconvs.${stage}.bias`)?.size ?? 0;
    const place = `decoder.seg_layers.${stage}`;
    const kernel = new Float32Array(classes * features);
    named.set(`${place}.weight`, ndarray(kernel, [classes, features, 1, 1, 1]));
    named.set(`${place}.bias`, ndarray(new Float32Array(classes), [classes]));
  }
}
