import type { Preparation } from './prepare-volume.js';

/** How many channels a network takes that is fed with what is prepared so. */
export function inputChannels({ channels }: Pick<Preparation, 'channels'>): number {
  return channels?.length ?? 1;
}

/** The shape of an image as a network takes it: channels last, one of them where the shape has three axes. */
export function withChannelAxis(shape: readonly number[]): number[] {
  return shape.length === 3 ? [...shape, 1] : [...shape];
}
