import type { WeightFileFormat } from '../api.js';
import { WeightFormatError } from '../errors.js';

/** A published model: where it comes from, what it was trained on, and on what terms. */
export interface ZooEntry {
  readonly name: string;
  readonly title: string;
  /** File name to look for in the zoo directory. */
  readonly file: string;
  readonly format: WeightFileFormat;
  /** The unet3d variant whose layers these weights fit. */
  readonly architecture: 'pytorch' | 'keras';
  readonly parameters: number;
  readonly trainedOn: string;
  /** Intensity window of the input, mapped to 0…1. */
  readonly intensity: string;
  /** Crop size in voxels and its spacing, as the authors state them. */
  readonly crop: string;
  readonly license: string;
  readonly homepage: string;
  readonly citation: string;
}

const genesis = {
  trainedOn: 'LUNA16 chest CT without labels: subsets 0–4 for training, 5–6 for validation',
  intensity: 'HU −1000…1000 mapped to 0…1',
  crop: '64×64×32 voxels at the spacing of the scans (not resampled)',
  license:
    'academic, non-commercial; the authors declare the method patent-pending (US 11,922,628): check before commercial use',
  homepage: 'https://github.com/MrGiovanni/ModelsGenesis',
  citation: 'Zhou et al., Models Genesis, Medical Image Analysis 67 (2021) 101840',
} as const;

const entries: readonly ZooEntry[] = [
  {
    ...genesis,
    name: 'genesis-chest-ct',
    title: 'Genesis Chest CT (official, PyTorch)',
    file: 'Genesis_Chest_CT.pt',
    format: 'pt',
    architecture: 'pytorch',
    parameters: 19_073_665,
  },
  {
    ...genesis,
    name: 'genesis-chest-ct-keras',
    title: 'Genesis Chest CT (official, Keras)',
    file: 'Genesis_Chest_CT.h5',
    format: 'h5',
    architecture: 'keras',
    parameters: 16_320_257,
  },
];

/** The models that the zoo knows, by name. */
export const zooEntries: ReadonlyMap<string, ZooEntry> = new Map(
  entries.map((entry) => [entry.name, entry]),
);

/**
 * The entry called `name`.
 * @throws WeightFormatError (`not-found`) that lists the names there are.
 */
export function findZooEntry(name: string): ZooEntry {
  const entry = zooEntries.get(name);
  if (entry) return entry;
  const names = [...zooEntries.keys()].join(', ');
  throw new WeightFormatError('not-found', `the zoo has no model '${name}'; it has: ${names}`);
}
