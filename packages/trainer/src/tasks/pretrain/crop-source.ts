import { sizeOf } from '@genesis/core';
import {
  chooseScheme,
  firstVolume,
  inputChannels,
  type Preparation,
  prepareChannels,
  preparedShape,
  stackChannels,
} from '@genesis/inference';
import { createRng, type Rng } from '@genesis/transforms';
import {
  type CropPosition,
  type CropRule,
  type CropSampler,
  createCropSampler,
  crop,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';
import type { NdArray } from 'ndarray';
import { CropShelf } from '../../data/crop-shelf.js';
import { type DatasetItem, readChannels } from '../../data/dataset.js';
import { epochOrder, type Sample } from '../../data/epoch-order.js';
import { readableOnly } from '../../data/readable.js';
import { STREAM } from '../../data/streams.js';
import { createVolumeCache } from '../../data/volume-cache.js';
import { TrainerError } from '../../errors.js';
import { type BodyBox, bodyBox, wholeBox } from './body-box.js';

/** Volumes whose crops are mixed with each other within an epoch. */
const MIXED_VOLUMES = 8;

/** Of these volumes and of as many behind them crops lie ready, where not all volumes fit into memory. */
const READY_VOLUMES = 2 * MIXED_VOLUMES;

export interface CropSourceOpts {
  readonly items: readonly DatasetItem[];
  readonly preparation: Preparation;
  readonly crop: Vec3;
  readonly cropsPerVolume: number;
  /** 'auto': the reference's rule for CT, foreground for the rest. The reference's is loosened where a volume needs it. */
  readonly rule: 'auto' | 'reference' | 'foreground' | 'any';
  readonly seed: number;
  /** Bytes that decoded volumes may take, and crops that were cut ahead. No crop depends on it. */
  readonly cacheBytes: number;
  /** Whether sites tell places in the body; in the whole volume otherwise. */
  readonly findsBody?: boolean;
  /** Refuse a volume that cannot be read, instead of taking another. */
  readonly strict?: boolean;
  /** Told which volumes cannot be read. */
  readonly onWarning?: (text: string) => void;
  /** Told when the crop rule had to be loosened; once for each volume and epoch. */
  readonly onNote?: (text: string) => void;
}

/** Crops of volumes on demand: each a function of seed, epoch and index alone. */
export interface CropSource {
  readonly samplesPerEpoch: number;
  /**
   * The crop at place `index` of epoch `epoch`; a new array [x, y, z], or [x, y, z, channels] of several, C order, of the caller.
   */
  get(request: CropPlace): Promise<NdArray<Float32Array>>;
  /** Where the crop that `get` gives lies in its scan. */
  siteOf(request: CropPlace): Promise<CropSite>;
  /** The first `count` crops of one volume for a fixed purpose, such as validation; none when it cannot be read. */
  fixed(volume: number, count: number, rng: Rng): Promise<FixedCrop[]>;
}

/** Which crop: its place in an epoch. */
export interface CropPlace {
  readonly epoch: number;
  readonly index: number;
}

/** Where a crop lies in its scan, along each axis from −1, one end of the body (see `bodyBox`), to 1, the other. */
export interface CropSite {
  /** Of the middle of the crop's first voxel. */
  readonly first: Vec3;
  /** From one voxel to the next. */
  readonly step: Vec3;
}

/** A crop that `fixed` gives. */
export interface FixedCrop extends CropSite {
  readonly crop: NdArray<Float32Array>;
}

interface Prepared {
  /** The channels of an image, all on one grid. */
  readonly channels: readonly Volume<Float32Array>[];
  /** Of the first channel: crops of all are cut at one place. */
  readonly sampler: CropSampler;
  /** Where the body lies, or the whole volume where nobody wants to know. */
  readonly body: BodyBox;
}

/** The places of the crops of a volume in an epoch. */
interface Places {
  readonly places: readonly CropPosition[];
  readonly body: BodyBox;
}

/** What is known of an epoch; a resumed run computes the same. */
interface Epoch {
  readonly epoch: number;
  readonly samples: readonly Sample[];
  /** By the volumes of the samples, as soon as they have been read. */
  readonly places: Map<number, Places>;
  /** Crops that were cut ahead; left out where all volumes fit into memory. */
  readonly shelf?: CropShelf<NdArray<Float32Array>>;
}

export function createCropSource(opts: CropSourceOpts): CropSource {
  const { items, cropsPerVolume, seed } = opts;
  const isWhole = bytesOfAll(opts) <= opts.cacheBytes;
  const cache = createVolumeCache<Prepared>(
    (index) => load(opts, items[index]),
    // And the sampler's table, of one channel.
    ({ channels }) =>
      (channels.length + 1) * channels[0].data.size * Float32Array.BYTES_PER_ELEMENT,
    isWhole ? opts.cacheBytes : opts.cacheBytes / 2,
  );
  const readable = readableOnly({
    get: (index) => cache.get(index),
    indices: items.map((_, n) => n),
    pathOf: (index) => items[index].path,
    strict: opts.strict,
    onWarning: opts.onWarning,
  });
  const positionsOf = (index: number, found: Prepared, count: number, rng: Rng): CropPosition[] => {
    const { raisedLimit } = found.sampler;
    if (raisedLimit !== undefined) {
      opts.onNote?.(
        `few places in ${items[index].path} are as lung-like as the reference's crop rule asks for: its limit is raised from 0.15 to ${Number(raisedLimit.toPrecision(4))} there, and likewise in other volumes`,
      );
    }
    const drawn = found.sampler.draw(count, () => rng.uniform());
    if (drawn.length > 0) return drawn;
    throw new TrainerError(
      'bad-data',
      `${items[index].path}: no place for a crop of ${opts.crop.join('×')} was found; try --crop-rule any`,
      { file: items[index].path },
    );
  };
  const placesIn = (epoch: Epoch, sampled: number, volume: number, found: Prepared): Places => {
    let known = epoch.places.get(sampled);
    if (!known) {
      const rng = createRng(seed, STREAM.crops, epoch.epoch, volume);
      const { body } = found;
      known = { places: positionsOf(volume, found, cropsPerVolume, rng), body };
      epoch.places.set(sampled, known);
    }
    return known;
  };
  const start = (number: number): Epoch => {
    const rng = createRng(seed, STREAM.order, number);
    const samples = epochOrder(items.length, cropsPerVolume, MIXED_VOLUMES, rng);
    const epoch: Epoch = { epoch: number, samples, places: new Map() };
    if (isWhole) return epoch;
    const most = Math.max(READY_VOLUMES, Math.floor(opts.cacheBytes / 2 / bytesOfCrop(opts)));
    const cutSome = async (sampled: number, crops: readonly number[]) => {
      const { index, value } = await readable(sampled);
      const { places } = placesIn(epoch, sampled, index, value);
      return crops.map((crop) => cut(value, places[crop % places.length], opts.crop));
    };
    const perRead = Math.floor(most / READY_VOLUMES);
    return { ...epoch, shelf: new CropShelf({ samples, cut: cutSome, perRead, most }) };
  };
  // The last epoch: asked for again and again.
  let last: Epoch | undefined;
  const epochOf = (number: number): Epoch => {
    if (last?.epoch !== number) last = start(number);
    return last;
  };
  return {
    samplesPerEpoch: items.length * cropsPerVolume,
    async get(request) {
      const epoch = epochOf(request.epoch);
      const index = request.index % epoch.samples.length;
      if (epoch.shelf) return epoch.shelf.take(index);
      const { volume: sampled, crop } = epoch.samples[index];
      const { index: volume, value } = await readable(sampled);
      const { places } = placesIn(epoch, sampled, volume, value);
      return cut(value, places[crop % places.length], opts.crop);
    },
    async siteOf(request) {
      const epoch = epochOf(request.epoch);
      const { volume: sampled, crop } = epoch.samples[request.index % epoch.samples.length];
      let known = epoch.places.get(sampled);
      if (!known) {
        const { index: volume, value } = await readable(sampled);
        known = placesIn(epoch, sampled, volume, value);
      }
      return siteAt(known.body, known.places[crop % known.places.length]);
    },
    async fixed(index, count, rng) {
      const { index: volume, value: found } = await readable(index);
      if (volume !== index) return [];
      const places = positionsOf(index, found, count, rng);
      return places.map((place) => ({
        crop: cut(found, place, opts.crop),
        ...siteAt(found.body, place),
      }));
    },
  };
}

/** What all volumes take once they are prepared, each with its sampler's table, by their headers. */
function bytesOfAll({ items, preparation }: CropSourceOpts): number {
  const arrays = inputChannels(preparation) + 1;
  return items.reduce(
    (sum, { header }) =>
      sum + arrays * sizeOf(preparedShape(header, preparation)) * Float32Array.BYTES_PER_ELEMENT,
    0,
  );
}

function bytesOfCrop({ crop: size, preparation }: CropSourceOpts): number {
  return inputChannels(preparation) * sizeOf(size) * Float32Array.BYTES_PER_ELEMENT;
}

async function load(opts: CropSourceOpts, item: DatasetItem): Promise<Prepared> {
  const raw = await readChannels(item, opts.preparation.nonFinite);
  const channels = prepareChannels(raw, opts.preparation);
  const [volume] = channels;
  if (volume.data.shape.some((side, axis) => side < opts.crop[axis])) {
    throw new TrainerError(
      'bad-data',
      `${item.path}: a crop of ${opts.crop.join('×')} is larger than the volume (${volume.data.shape.join('×')})`,
      { file: item.path },
    );
  }
  const rule = ruleFor(firstVolume(raw), opts);
  const sampled = channels[raw.findIndex((one) => one !== undefined)];
  const body = opts.findsBody ? bodyBox(sampled.data) : wholeBox(sampled.data.shape);
  return { channels, sampler: createCropSampler(sampled, { size: opts.crop, rule }), body };
}

/** The same box of each channel. */
function cut({ channels }: Prepared, place: CropPosition, size: Vec3): NdArray<Float32Array> {
  return stackChannels(channels.map((channel) => crop(channel as Volume, place, size)));
}

function siteAt({ first, last }: BodyBox, place: Vec3): CropSite {
  const along = (of: (axis: number) => number): Vec3 => [of(0), of(1), of(2)];
  const halves = along((axis) => Math.max(1, last[axis] - first[axis]) / 2);
  return {
    first: along((axis) => (place[axis] - first[axis]) / halves[axis] - 1),
    step: along((axis) => 1 / halves[axis]),
  };
}

function ruleFor(volume: Volume, { rule, preparation }: CropSourceOpts): CropRule {
  if (rule === 'foreground' || rule === 'any') return rule;
  const isCt = chooseScheme(volume, preparation.normalization).kind === 'ct';
  return rule === 'reference' || isCt ? 'lung' : 'foreground';
}
