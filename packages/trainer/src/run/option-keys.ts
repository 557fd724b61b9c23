/** Options that say where the data of a run lie. */
export const DATA_KEYS = [
  'images',
  'labels',
  'validationImages',
  'validationLabels',
  'split',
  'patients',
] as const;

/** Options of the machine, on which no number depends. */
export const MACHINE_KEYS = ['workers', 'cacheMb', 'threads'] as const;

/** Options of one call: where its run is, and how it is taken up again. */
export const CALL_KEYS = ['out', 'resume', 'moved', 'strict'] as const;
