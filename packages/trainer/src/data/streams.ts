/**
 * First key of each use of randomness, so that no two uses share numbers: createRng(seed, STREAM.order, epoch). A use
 * keeps its number for ever, since a changed number changes every run with the same seed.
 */
export const STREAM = {
  split: 1,
  order: 2,
  crops: 3,
  validation: 4,
  augment: 6,
  illustration: 7,
  augmentation: 8,
  regions: 9,
} as const;
