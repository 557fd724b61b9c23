import type { Affine } from '../../api.js';
import { VolumeIoError } from '../../errors.js';
import { flipLpsRas } from '../../geometry/affine.js';
import type { NrrdFields } from './fields.js';

/** Voxel → RAS. Spaces other than RAS, LAS and LPS are taken as LPS, as ITK does. */
export function nrrdAffine(
  fields: NrrdFields,
  spatial: readonly number[],
  notes: string[],
  file: string,
): Affine {
  const affine = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  if (fields.directions) {
    for (const [column, axis] of spatial.entries()) {
      const vector = fields.directions[axis]!;
      // A direction of NaN says nothing about the axis.
      if (vector.some(Number.isNaN)) continue;
      for (let row = 0; row < 3; row++) affine[row * 4 + column] = vector[row] ?? 0;
    }
    for (let row = 0; row < 3; row++) {
      const v = fields.origin?.[row];
      affine[row * 4 + 3] = v === undefined || Number.isNaN(v) ? 0 : v;
    }
  } else {
    spacingsOnly(fields, spatial, affine);
    notes.push(
      'Its header does not say how its axes lie in space: they are taken as left, posterior, superior.',
    );
  }
  if (!affine.every(Number.isFinite)) {
    throw new VolumeIoError('geometry', 'has space directions or an origin that are not finite', {
      file,
    });
  }
  return toRas(affine, fields.space, notes);
}

function toRas(affine: Affine, space: string | undefined, notes: string[]): Affine {
  // Spelled with hyphens, with spaces or as one word; with time as a fourth axis, abbreviated to 'RAST'.
  const name = space
    ?.replace(/[- ]/g, '')
    .replace(/time$/, '')
    .replace(/^(ras|las|lps)t$/, '$1');
  if (name === 'rightanteriorsuperior' || name === 'ras') return affine;
  if (name === 'leftanteriorsuperior' || name === 'las') {
    return affine.map((v, n) => (n < 4 ? -v || 0 : v));
  }
  if (name !== undefined && name !== 'leftposteriorsuperior' && name !== 'lps') {
    notes.push(
      `Its space ${JSON.stringify(space)} has no known relation to the patient: it is taken as left, posterior, superior.`,
    );
  }
  return flipLpsRas(affine);
}

function spacingsOnly(fields: NrrdFields, spatial: readonly number[], affine: Affine): void {
  const spacing = spatial.map((axis) => {
    const v = fields.spacings?.[axis];
    return v === undefined || Number.isNaN(v) || v === 0 ? 1 : v;
  });
  // As teem does: the first sample lies half a cell after an axis' minimum, if all axes tell both.
  const starts = spatial.map((axis, n) => {
    const min = fields.axisMins?.[axis] ?? Number.NaN;
    // Without a word on it, samples lie in the middle of their cells.
    if (fields.centerings?.[axis]?.toLowerCase() === 'node') return min;
    const max = fields.axisMaxs?.[axis] ?? Number.NaN;
    const cell = fields.spacings ? spacing[n] : (max - min) / fields.sizes[axis];
    return min + cell / 2;
  });
  const known = !starts.some(Number.isNaN);
  for (const n of spatial.keys()) {
    affine[n * 5] = spacing[n];
    affine[n * 4 + 3] = fields.origin?.[n] ?? (known ? starts[n] : 0);
  }
}
