import type { Affine } from '../../api.js';
import { VolumeIoError } from '../../errors.js';
import { flipLpsRas } from '../../geometry/affine.js';
import { axisNames, isUsableLength, repairAffine } from '../../geometry/usable-affine.js';
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
    const unknown = directions(fields, spatial, affine);
    for (let row = 0; row < 3; row++) {
      const v = fields.origin?.[row];
      affine[row * 4 + 3] = v === undefined || Number.isNaN(v) ? 0 : v;
    }
    requireFinite(affine, file);
    const repaired = repairAffine(affine);
    const unusable = repaired.axes.filter((axis) => !unknown.includes(axis));
    if (unusable.length > 0) {
      notes.push(
        `Its space directions cannot place voxels, because axes have no usable length or are not independent: those of ${axisNames(unusable)} were passed over.`,
      );
    }
    return toRas(repaired.affine, fields.space, notes);
  }
  spacingsOnly(fields, spatial, affine, notes);
  notes.push(
    'Its header does not say how its axes lie in space: they are taken as left, posterior, superior.',
  );
  requireFinite(affine, file);
  return toRas(affine, fields.space, notes);
}

/** Puts the stated directions into the affine; gives the axes about which nothing is stated, which become 0. */
function directions(fields: NrrdFields, spatial: readonly number[], affine: Affine): number[] {
  const unknown: number[] = [];
  for (let column = 0; column < 3; column++) {
    const vector = fields.directions?.[spatial[column] ?? -1];
    const stated = vector && !vector.some(Number.isNaN);
    // A direction of NaN alone says that nothing is known; one with numbers beside is broken.
    if (!vector || vector.every(Number.isNaN)) unknown.push(column);
    for (let row = 0; row < 3; row++) affine[row * 4 + column] = (stated && vector[row]) || 0;
  }
  return unknown;
}

function requireFinite(affine: Affine, file: string): void {
  if (affine.every(Number.isFinite)) return;
  throw new VolumeIoError('geometry', 'has space directions or an origin that are not finite', {
    file,
  });
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

function spacingsOnly(
  fields: NrrdFields,
  spatial: readonly number[],
  affine: Affine,
  notes: string[],
): void {
  // NaN says that the spacing is not known.
  const stated = spatial.map((axis) => fields.spacings?.[axis] ?? Number.NaN);
  const spacing = stated.map((v) => (isUsableLength(Math.abs(v)) ? v : 1));
  const unusable = [...stated.keys()].filter(
    (n) => !Number.isNaN(stated[n]) && stated[n] !== spacing[n],
  );
  if (unusable.length > 0) {
    notes.push(
      `It states spacings that are none (${unusable.map((n) => stated[n]).join(', ')} along ${axisNames(unusable)}); 1 mm was taken.`,
    );
  }
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
