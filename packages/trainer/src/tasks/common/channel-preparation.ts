import type { Preparation } from '@genesis/inference';
import type { DatasetItem } from '../../data/dataset.js';

/** Options of a task about channels. */
export interface ChannelOpts {
  readonly allowMissingChannels: boolean;
  readonly resampleChannels: boolean;
}

/** What a model card says about the channels of images; nothing where there is one without name. */
export type ChannelFields = Pick<Preparation, 'channels' | 'allowMissing' | 'resampleChannels'>;

/** The names of channels with the normalization of each, and what is allowed, as a model card keeps them. */
export function channelFields(
  names: readonly string[] | undefined,
  normalizations: readonly Preparation['normalization'][],
  opts: ChannelOpts,
): ChannelFields {
  if (!names) return {};
  const fields = {
    channels: names.map((name, n) => ({ name, normalization: normalizations[n] })),
  };
  if (names.length === 1) return fields;
  return {
    ...fields,
    allowMissing: opts.allowMissingChannels || undefined,
    resampleChannels: opts.resampleChannels || undefined,
  };
}

/** The volumes of the channel with this number, of those images that have it. */
export function channelItems(images: readonly DatasetItem[], channel: number): DatasetItem[] {
  return images.flatMap((image) => {
    const item = image.channels ? image.channels[channel] : image;
    return item ?? [];
  });
}

/** How intensities are normalized, in words: 'ct', or 'CT ct, PET percentile'. */
export function intensityText({ normalization, channels = [] }: Preparation): string {
  if (channels.length <= 1) return normalization;
  return channels.map((channel) => `${channel.name} ${channel.normalization}`).join(', ');
}
