import type { Affine } from '../api.js';
import { VolumeIoError } from '../errors.js';

/** Throws VolumeIoError 'geometry' unless the affine is 16 finite numbers. */
export function requireFinite(affine: Affine, file?: string): void {
  if (affine.length === 16 && affine.every(Number.isFinite)) return;
  throw new VolumeIoError(
    'geometry',
    'the affine must be 16 finite numbers, row by row',
    file === undefined ? {} : { file },
  );
}
