import type { Preparation } from '@genesis/inference';

/** How the channels of a model are called where they stand beside each other; 'image' where there is one alone. */
export function channelNames({ channels = [] }: Pick<Preparation, 'channels'>): string[] {
  return channels.length > 1 ? channels.map(({ name }) => name) : ['image'];
}
