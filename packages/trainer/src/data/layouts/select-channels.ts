import { TrainerError } from '../../errors.js';
import type { DatasetItem } from '../dataset.js';
import { channelDifference } from '../grid-difference.js';
import type { FoundDataset } from './api.js';

export interface SelectChannelsOpts {
  /** Where the dataset is, for messages. */
  readonly path: string;
  /** The names wanted, in their order. Default: all that there are. */
  readonly wanted?: readonly string[];
  /** Take images that lack a channel. */
  readonly allowMissing?: boolean;
  /** Take channels that lie on other grids. */
  readonly resample?: boolean;
}

/**
 * The dataset with the channels that are wanted, in their order. Where it does not name its only channel, any single name fits it.
 *
 * @throws TrainerError 'bad-data' for a name that is not there, an image that lacks a channel, and one whose channels lie on different
 *   grids, where these are not allowed.
 */
export function selectChannels<D extends Pick<FoundDataset, 'channels' | 'cases'>>(
  dataset: D,
  opts: SelectChannelsOpts,
): D {
  const there = dataset.channels;
  const wanted = opts.wanted ?? there;
  if (!wanted) return dataset;
  if (!there || (there.length === 1 && wanted.length === 1)) {
    if (wanted.length === 1) return { ...dataset, channels: wanted };
    throw new TrainerError(
      'bad-data',
      `${opts.path} has one channel, but ${wanted.length} are needed: ${wanted.join(', ')}; say how the dataset lies on disk (--layout)`,
      { file: opts.path },
    );
  }
  const places = wanted.map((name) => {
    const place = there.indexOf(name);
    if (place >= 0) return place;
    throw new TrainerError(
      'bad-data',
      `${opts.path} has no channel '${name}': there are ${there.join(', ')}`,
      { file: opts.path },
    );
  });
  const cases = dataset.cases.map((one) => ({ ...one, image: withChannels(one.image, places) }));
  if (wanted.length > 1) for (const { image } of cases) check(image, wanted, opts);
  return { ...dataset, channels: wanted, cases };
}

/** @throws TrainerError 'bad-data' when the case has none of them. */
function withChannels(image: DatasetItem, places: readonly number[]): DatasetItem {
  const all = image.channels ?? [image];
  const channels = places.map((place) => all[place]);
  const first = channels.find((channel) => channel !== undefined);
  if (!first) {
    throw new TrainerError('bad-data', `the case ${image.name} has none of the channels wanted`, {
      file: image.path,
    });
  }
  const { key, name, group } = image;
  const own = { ...first, key, name, group };
  return channels.length === 1 ? own : { ...own, channels };
}

function check(image: DatasetItem, names: readonly string[], opts: SelectChannelsOpts): void {
  const channels = image.channels ?? [image];
  const missing = names.filter((_, n) => channels[n] === undefined);
  if (missing.length > 0 && !opts.allowMissing) {
    throw new TrainerError(
      'bad-data',
      `the case ${image.name} lacks the channel ${missing.join(', ')}: leave it out, or take it as 0 with --allow-missing-channels`,
      { file: image.path },
    );
  }
  if (opts.resample) return;
  for (const channel of channels) {
    const difference = channel && channelDifference(image, channel);
    if (!difference) continue;
    throw new TrainerError(
      'bad-data',
      `${image.name}: ${difference}; --resample-channels brings channels onto the grid of the first`,
      { file: channel.path },
    );
  }
}
