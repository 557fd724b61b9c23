import type { NamedTensorLikes } from '../api.js';
import { parameter } from './map-pytorch-weights.js';
import { type MappedWeights, mapEach, type Place, SECOND_NETWORK } from './mapped-weights.js';
import { unwrapNames } from './unwrap-names.js';

const OWN_NAME =
  /^(?:encoder\.(?:stem|stages)|decoder\.(?:stages|transpconvs|seg_layers|encoder))\./;

const SEGMENTATION = /^decoder\.seg_layers\.(\d+)\.(weight|bias)$/;

/** The names of nnU-Net's ResidualEncoderUNet (`encoder.stages.0.blocks.0.conv1.conv.weight`), under any prefix, to ours. */
export function mapNnunetWeights(tensors: NamedTensorLikes): MappedWeights {
  const { inner, others } = unwrapNames(tensors.keys(), OWN_NAME);
  const outputs = [...inner.values()].map((name) => SEGMENTATION.exec(name)?.[1]);
  const last = Math.max(...outputs.map((index) => Number(index ?? -1)));
  return mapEach(tensors, (name) =>
    others.has(name) ? SECOND_NETWORK : placeOf(inner.get(name) ?? name, last),
  );
}

function placeOf(name: string, last: number): Place | string {
  if (name.includes('.all_modules.') || name.startsWith('decoder.encoder.')) {
    return 'a second name of a tensor that is mapped';
  }
  const output = SEGMENTATION.exec(name);
  if (output) {
    return Number(output[1]) === last
      ? parameter('head.conv', output[2])
      : 'an output for deep supervision';
  }
  const up = /^decoder\.transpconvs\.(\d+)\.(weight|bias)$/.exec(name);
  if (up) return parameter(`decoder.${last - Number(up[1])}.up`, up[2]);
  const block = blockOf(name, last);
  if (!block) return "not a name of nnU-Net's residual network";
  const [layer, part, field] = block;
  return part === 'conv'
    ? parameter(`${layer}.conv`, field)
    : { name: `${layer}.norm.${field === 'weight' ? 'gamma' : 'beta'}` };
}

/** [our layer, conv or norm, weight or bias] */
function blockOf(name: string, last: number): [string, string, string] | null {
  const tail = '(conv|norm)\\.(weight|bias)$';
  const stem = new RegExp(`^encoder\\.stem\\.convs\\.0\\.${tail}`).exec(name);
  if (stem) return ['encoder.stem', stem[1], stem[2]];
  const residual = new RegExp(
    `^encoder\\.stages\\.(\\d+)\\.blocks\\.(\\d+)\\.(conv1|conv2|skip\\.\\d)\\.${tail}`,
  ).exec(name);
  if (residual) {
    const unit = residual[3] === 'conv1' ? 'a' : residual[3] === 'conv2' ? 'b' : 'skip';
    return [`encoder.${residual[1]}.${residual[2]}.${unit}`, residual[4], residual[5]];
  }
  const decoder = new RegExp(`^decoder\\.stages\\.(\\d+)\\.convs\\.(\\d+)\\.${tail}`).exec(name);
  if (decoder) {
    return [`decoder.${last - Number(decoder[1])}.${decoder[2]}`, decoder[3], decoder[4]];
  }
  return null;
}
