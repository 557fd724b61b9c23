import type { GenesisFactors } from '@genesis/transforms';
import type { Loaded } from './volumes.js';

/** What the sliders change; the factors are all that the deformation depends on. */
export interface State {
  loaded: Loaded;
  seed: number;
  /** Voxel through which the slices go. */
  at: [number, number, number];
  factors: Editable<GenesisFactors>;
  /** The painted box whose sliders are shown. */
  box: number;
}

/** The same without `readonly`. */
export type Editable<T> = T extends object ? { -readonly [K in keyof T]: Editable<T[K]> } : T;

/** A copy that sliders may change. */
export const editable = <T>(factors: T): Editable<T> => structuredClone(factors) as Editable<T>;
