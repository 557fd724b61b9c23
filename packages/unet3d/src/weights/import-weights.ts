import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedTensorLikes } from '../api.js';
import { mapKerasWeights } from './map-keras-weights.js';
import { mapNnunetWeights } from './map-nnunet-weights.js';
import { mapPytorchWeights } from './map-pytorch-weights.js';
import type { IgnoredTensor, MappedWeights } from './mapped-weights.js';
import { type RepeatedKernel, repeatInput } from './repeat-input.js';
import { type LoadReport, type SetWeightsOpts, setWeights } from './set-weights.js';
import { namedWeights } from './weight-name.js';

/** Whose names a file's tensors have: this package's own (`genesis`), the reference's in PyTorch or Keras, or nnU-Net's. */
export type WeightDialect = 'genesis' | 'pytorch' | 'keras' | 'nnunet';

/** What {@link importWeights} accepts, and whose names to expect. */
export interface ImportWeightsOpts extends SetWeightsOpts {
  /** Repeat the first layer's kernel of one channel where the model has several, see {@link RepeatedKernel}. Default false. */
  repeatInput?: boolean;
  /** Default: recognised from the names. */
  dialect?: WeightDialect;
  /** Which weights of the model are to be set, by our names; the others are reported as ignored. Default: all. */
  only?: (name: string) => boolean;
}

/** What became of every weight of the model and every tensor of the file. */
export interface ImportReport extends LoadReport {
  /** Whose names the tensors had. */
  dialect: WeightDialect;
  /** Our name → the name in the file, of the tensors that were offered to the model. */
  sources: Map<string, string>;
  /** Tensors of the file that are not weights of this model, and why. */
  ignored: IgnoredTensor[];
  /** The first layer's kernel, where it was repeated for several channels. */
  repeated?: RepeatedKernel;
}

const MAPPINGS: Record<WeightDialect, (tensors: NamedTensorLikes) => MappedWeights> = {
  genesis: (tensors) => ({
    tensors: new Map(tensors) as MappedWeights['tensors'],
    sources: new Map([...tensors.keys()].map((name) => [name, name])),
    ignored: [],
  }),
  pytorch: mapPytorchWeights,
  keras: mapKerasWeights,
  nnunet: mapNnunetWeights,
};

/** Tells whose names these are. */
export function detectDialect(names: Iterable<string>): WeightDialect {
  for (const name of names) {
    if (/(^|\.)(down|up)_tr\d+\./.test(name)) return 'pytorch';
    if (/(^|\/)depth_\d+_conv\//.test(name)) return 'keras';
    if (/(^|\.)encoder\.(stages|stem\.convs)\./.test(name)) return 'nnunet';
  }
  return 'genesis';
}

/**
 * Sets a model's weights from a file's tensors, whatever their dialect: our own names, the
 * reference's PyTorch or Keras names, or nnU-Net's. Statistics that a file keeps but the model does not
 * use (running mean and variance, where it normalises by the batch at hand) are reported as ignored.
 * @throws LoadWeightsError as {@link setWeights}: nothing is changed then.
 */
export function importWeights(
  model: tfl.LayersModel,
  tensors: NamedTensorLikes,
  opts: ImportWeightsOpts = {},
): ImportReport {
  const dialect = opts.dialect ?? detectDialect(tensors.keys());
  const { tensors: mapped, sources, ignored } = MAPPINGS[dialect](tensors);
  const known = namedWeights(model);
  for (const name of [...mapped.keys()]) {
    if (known.has(name) || !/\.moving(Mean|Variance)$/.test(name)) continue;
    ignored.push({
      name: sources.get(name)!,
      reason: 'the model always uses the statistics of the batch',
    });
    mapped.delete(name);
    sources.delete(name);
  }
  for (const name of [...mapped.keys()]) {
    if (opts.only?.(name) ?? true) continue;
    ignored.push({ name: sources.get(name)!, reason: 'not asked for' });
    mapped.delete(name);
    sources.delete(name);
  }
  const repeated = opts.repeatInput ? repeatInput(known, mapped) : undefined;
  const report: ImportReport = {
    dialect,
    ...setWeights(model, mapped, opts),
    sources,
    ignored,
  };
  if (repeated) report.repeated = repeated;
  return report;
}
