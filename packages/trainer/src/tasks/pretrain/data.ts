import { type Preparation, preparedShape } from '@genesis/inference';
import {
  createRng,
  createTask,
  type Labels,
  type TaskName,
  type TaskOpts,
} from '@genesis/transforms';
import type { NdArray } from 'ndarray';
import { type DatasetItem, partsOf } from '../../data/dataset.js';
import { type DataRecord, identify } from '../../data/identify.js';
import { STREAM } from '../../data/streams.js';
import { TrainerError } from '../../errors.js';
import type { SplitNames } from '../../run/run-info.js';
import type { OnEvent } from '../../training/events.js';
import type { RunContext } from '../../training/run-context.js';
import { VALIDATION } from '../common/as-validation.js';
import { splitOfRun } from '../common/split-of-run.js';
import { type RuledCase, splitRules } from '../common/split-rules.js';
import { type CropSite, type CropSource, createCropSource } from './crop-source.js';
import type { PretrainConfig } from './options.js';

/** A proxy task by name and plain options, so that workers can build it too. */
export interface ProxySpec {
  readonly name: TaskName;
  readonly opts: TaskOpts[TaskName];
}

/** One validation sample: fixed for the whole run. */
export interface PretrainSample {
  /** Name of the volume that it was cut from. */
  readonly volume: string;
  /** Deformed, [x, y, z], or [x, y, z, channels] of several. */
  readonly input: NdArray<Float32Array>;
  /** What is to be restored. */
  readonly target: NdArray<Float32Array>;
  /** What was done to it, where the proxy task tells. */
  readonly labels?: Labels;
}

/** A sample of which it is known where it lies in its scan. */
export interface PlacedSample extends PretrainSample {
  readonly site: CropSite;
}

/** What a pre-training is fed with. */
export interface PretrainData {
  /** Crops to train on. */
  readonly source: CropSource;
  readonly validation: readonly PlacedSample[];
  readonly proxy: ProxySpec;
  readonly split: SplitNames;
  readonly records: readonly DataRecord[];
}

/** Splits and opens the volumes; the validation set and the first crop are read, so that bad files show early. */
export async function pretrainData(
  context: RunContext<PretrainConfig>,
  found: readonly DatasetItem[],
  preparation: Preparation,
): Promise<PretrainData> {
  const { config, emit } = context;
  const { strict } = config;
  const onWarning = (text: string): void => emit({ type: 'warning', text });
  const items = usable(found, config, preparation, emit);
  const records = await identify(items.flatMap((item) => partsOf(item)));
  const isApart = config.validationImages !== undefined;
  const sided = items.map((item) => (isApart ? sideOf(item) : item));
  const rules = context.previous ? undefined : await splitRules(config, sided, onWarning);
  const split = splitOfRun(context, items, records, rules);
  let isNoted = false;
  const onNote = (text: string): void => {
    if (!isNoted) emit({ type: 'note', text });
    isNoted = true;
  };
  const sourceOf = (indices: readonly number[]): CropSource =>
    createCropSource({
      items: indices.map((index) => items[index]),
      preparation,
      crop: config.crop,
      cropsPerVolume: config.cropsPerVolume,
      rule: config.cropRule,
      seed: config.seed,
      cacheBytes: config.cacheMb * 2 ** 20,
      findsBody: config.places > 0 || config.regions > 0,
      strict,
      onWarning,
      onNote,
    });
  const proxy = { name: config.proxyTask, opts: config.proxyOptions };
  const source = sourceOf(split.train);
  await source.get({ epoch: 0, index: 0 });
  const validation = await pretrainSamples({
    source: sourceOf(split.validation),
    names: split.names.validation,
    count: config.validationCrops,
    proxy,
    seed: config.seed,
  });
  return {
    source,
    validation,
    proxy,
    split: split.names,
    records,
  };
}

/** An item of the validation folder is validated with. */
function sideOf({ name, group }: DatasetItem): RuledCase {
  return { name, group, split: name.startsWith(VALIDATION) ? 'validation' : 'train' };
}

/** The volumes that are at least as large as a crop; the others are named in a warning, as the reference skips them. */
function usable(
  items: readonly DatasetItem[],
  config: PretrainConfig,
  preparation: Preparation,
  emit: OnEvent,
): DatasetItem[] {
  const shapes = items.map((item) => preparedShape(item.header, preparation));
  const fits = shapes.map((shape) => shape.every((side, axis) => side >= config.crop[axis]));
  const small = items.filter((_, n) => !fits[n]);
  if (small.length === items.length) {
    const largest = shapes.reduce((a, b) => (a[0] * a[1] * a[2] >= b[0] * b[1] * b[2] ? a : b));
    throw new TrainerError(
      'bad-data',
      `a crop of ${config.crop.join('×')} is larger than ${items.length === 1 ? 'the volume' : `each of the ${items.length} volumes`} in ${config.images} (the largest is ${largest.join('×')}): choose a smaller --crop`,
      { file: config.images },
    );
  }
  if (small.length > 0) {
    emit({
      type: 'warning',
      text: `left out, smaller than a crop of ${config.crop.join('×')}: ${small
        .slice(0, 5)
        .map((item) => item.name)
        .join(', ')}${small.length > 5 ? ', …' : ''} (${small.length} of ${items.length} volumes)`,
    });
  }
  return items.filter((_, n) => fits[n]);
}

interface ValidationSetOpts {
  readonly source: CropSource;
  /** Names of the source's volumes. */
  readonly names: readonly string[];
  /** Samples in all, spread evenly over the volumes. */
  readonly count: number;
  readonly proxy: ProxySpec;
  readonly seed: number;
}

/** Crops and deforms the validation set: the same samples for the same seed, whatever happens in training. */
async function pretrainSamples(opts: ValidationSetOpts): Promise<PlacedSample[]> {
  const { source, names, count, seed } = opts;
  const proxy = createTask(opts.proxy.name, opts.proxy.opts);
  const byVolume: PlacedSample[][] = [];
  for (let volume = 0; volume < names.length; volume++) {
    const share =
      Math.floor((count * (volume + 1)) / names.length) -
      Math.floor((count * volume) / names.length);
    if (share === 0) continue;
    const rng = createRng(seed, STREAM.validation, volume);
    const crops = await source.fixed(volume, share, rng.split(0));
    byVolume.push(
      crops.map(({ crop, ...site }, n) => {
        const { input, target, labels } = proxy.make(crop, rng.split(1, n));
        return { volume: names[volume], input, target, labels, site };
      }),
    );
  }
  const samples = takeTurns(byVolume);
  if (samples.length > 0) return samples;
  throw new TrainerError('no-data', 'not one of the volumes for validation can be read');
}

/**
 * One of each list after the other, so that a batch mixes volumes as in training: with batch statistics a batch from one
 * volume alone would be normalised by that volume.
 */
function takeTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, n) =>
    lists.filter((list) => n < list.length).map((list) => list[n]),
  ).flat();
}
