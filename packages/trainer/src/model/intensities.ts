import { describeScheme, type Preparation } from '@genesis/inference';

/** What is done to the intensities of each channel, in words. */
export function intensities({ channels, normalization }: Preparation): string[] {
  if (!channels) return [describeScheme(normalization)];
  return channels.map((one) => `${one.name}, ${describeScheme(one.normalization)}`);
}
