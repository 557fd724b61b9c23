import type { ReadonlyVec3, Vec3 } from '@genesis/core';
import type { Volume } from '../voxels/volume.js';

/** Which phantom, and on which grid. */
export interface ChestPhantomOpts {
  /** Which patient: any integer. The same seed is the same anatomy on every grid. */
  seed: number;
  /** Voxels along x (to the right), y (anterior), z (superior). Default [128, 128, 96]. */
  shape?: ReadonlyVec3;
  /** mm. Default: what makes the grid cover 384 × 384 × 288 mm, the whole chest. */
  spacing?: ReadonlyVec3;
  /** Number of lung nodules. Default: drawn, 0 to 4. It changes nothing else of the patient. */
  nodules?: number;
  /** Standard deviation of the image noise in HU; 0 for none. Default: drawn, 9 to 20. */
  noise?: number;
  /** Whether heart and vessels hold contrast medium. Default: drawn. */
  contrast?: boolean;
}

/** A nodule in a lung. */
export interface PhantomNodule {
  /** RAS mm. */
  center: Vec3;
  /** mm */
  radius: number;
  /** HU before partial volume and noise. */
  hu: number;
  /** How it looks in CT. */
  kind: 'solid' | 'ground-glass' | 'calcified';
}

/** A made-up chest CT with what is known of it. */
export interface ChestPhantom {
  /** Hounsfield units, −1024 … 3071, axes R, A, S. */
  image: Volume<Int16Array>;
  /** Index into `labelNames`, on the grid of `image`. */
  labels: Volume<Uint8Array>;
  /** 'background', 'body', 'left lung', … */
  labelNames: readonly string[];
  /** Its lung nodules. */
  nodules: PhantomNodule[];
}

/** Values of the label map by tissue; see phantomLabelNames for their names in words. */
export const phantomLabels = {
  background: 0,
  body: 1,
  leftLung: 2,
  rightLung: 3,
  airway: 4,
  pulmonaryVessels: 5,
  heart: 6,
  aorta: 7,
  ribs: 8,
  spine: 9,
  shoulderGirdle: 10,
  liver: 11,
  nodule: 12,
} as const;

/** Names of the label map's values: the name of value n is at n. */
export const phantomLabelNames: readonly string[] = [
  'background',
  'body',
  'left lung',
  'right lung',
  'airway',
  'pulmonary vessels',
  'heart',
  'aorta',
  'ribs',
  'spine',
  'shoulder girdle',
  'liver',
  'nodule',
];
